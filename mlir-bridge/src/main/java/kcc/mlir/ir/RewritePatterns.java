// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.raw.MlirFrozenRewritePatternSet;
import kcc.mlir.raw.MlirGreedyRewriteDriverConfig;
import kcc.mlir.raw.MlirOperation;
import kcc.mlir.raw.MlirPatternRewriter;
import kcc.mlir.raw.MlirRewritePattern;
import kcc.mlir.raw.MlirRewritePatternCallbacks;
import kcc.mlir.raw.MlirRewritePatternSet;
import org.bytedeco.javacpp.Pointer;

/// Rewrite rules that are applied together until none of them matches any more.
public final class RewritePatterns {
  /// Rewrites for each operation after which rules are taken to undo each other: MLIR's driver would go on for ever.
  private static final int REWRITES_PER_OPERATION = 100;

  private record Pattern(String root, int benefit, RewriteRule rule) {}

  private final List<Pattern> patterns = new ArrayList<>();

  /// Adds a rule for operations called `root`.
  public RewritePatterns add(String root, RewriteRule rule) {
    return add(root, 1, rule);
  }

  /// @param benefit rules of greater benefit are tried first
  public RewritePatterns add(String root, int benefit, RewriteRule rule) {
    patterns.add(new Pattern(root, benefit, rule));
    return this;
  }

  /// Applies the rules, folds and removes what is unused in `root`, until nothing changes.
  ///
  /// @return whether that came to an end, or was given up because the rules seem to undo each other
  /// @throws RuntimeException what a rule threw; the IR is then in the state the rule left
  public boolean applyGreedily(Operation root) {
    return apply(root, true);
  }

  /// Applies the rules as [#applyGreedily] does, without folding and region simplification.
  public boolean applyOnly(Operation root) {
    return apply(root, false);
  }

  private boolean apply(Operation root, boolean fold) {
    MlirContext context = root.context();
    List<Application> applications = new ArrayList<>();
    MlirRewritePatternSet set = mlirRewritePatternSetCreate(context.raw());
    Failure failure = new Failure();
    for (Pattern pattern : patterns) {
      Application application = new Application(context, pattern.rule(), failure);
      applications.add(application);
      mlirRewritePatternSetAdd(set, application.pattern(pattern));
    }
    MlirFrozenRewritePatternSet frozen = mlirFreezeRewritePattern(set);
    mlirRewritePatternSetDestroy(set);
    MlirGreedyRewriteDriverConfig config = mlirGreedyRewriteDriverConfigCreate();
    try {
      mlirGreedyRewriteDriverConfigSetMaxNumRewrites(config, rewriteLimit(root));
      if (!fold) {
        mlirGreedyRewriteDriverConfigEnableFolding(config, false);
        mlirGreedyRewriteDriverConfigEnableConstantCSE(config, false);
        mlirGreedyRewriteDriverConfigSetRegionSimplificationLevel(
            config, MLIR_GREEDY_SIMPLIFY_REGION_LEVEL_DISABLED);
      }
      boolean converged = mlirApplyPatternsAndFoldGreedilyWithOp(root.raw(), frozen, config) != 0;
      failure.rethrow();
      return converged;
    } finally {
      mlirGreedyRewriteDriverConfigDestroy(config);
      mlirFrozenRewritePatternSetDestroy(frozen);
      applications.forEach(application -> application.userData.release());
    }
  }

  private static long rewriteLimit(Operation root) {
    long[] operations = {1};
    root.walk(_ -> operations[0]++);
    return operations[0] * REWRITES_PER_OPERATION;
  }

  /// The first exception of a rule, kept while MLIR's frames are on the stack.
  private static final class Failure {
    private Throwable thrown;

    void rethrow() {
      switch (thrown) {
        case null -> {}
        case RuntimeException unchecked -> throw unchecked;
        case Error error -> throw error;
        case Throwable other -> throw new IllegalStateException(other);
      }
    }
  }

  /// A rule in one application of the patterns.
  private static final class Application {
    private final MlirContext context;
    private final RewriteRule rule;
    private final Failure failure;
    private final UserData userData;

    Application(MlirContext context, RewriteRule rule, Failure failure) {
      this.context = context;
      this.rule = rule;
      this.failure = failure;
      this.userData = UserData.of(this);
    }

    MlirRewritePattern pattern(Pattern pattern) {
      try (MlirRewritePatternCallbacks callbacks = new MlirRewritePatternCallbacks()) {
        callbacks.construct(null).destruct(null).matchAndRewrite(Upcall.INSTANCE);
        return mlirOpRewritePatternCreate(
            context.name(pattern.root()), pattern.benefit(), context.raw(), callbacks, userData, 0, null);
      }
    }

    boolean rewrite(MlirOperation operation, MlirPatternRewriter rewriter) {
      // After a failure the driver is let run out without further changes.
      return failure.thrown == null && rule.rewrite(
          new Operation(context, operation), new Rewriter(context, mlirPatternRewriterAsBase(rewriter)));
    }
  }

  private static final class Upcall
      extends MlirRewritePatternCallbacks.MatchAndRewrite_MlirRewritePattern_MlirOperation_MlirPatternRewriter_Pointer {
    static final Upcall INSTANCE = new Upcall();

    @Override
    public byte call(MlirRewritePattern pattern, MlirOperation operation, MlirPatternRewriter rewriter,
        Pointer userData) {
      Application application = UserData.object(userData, Application.class);
      try {
        return (byte) (application.rewrite(operation, rewriter) ? 1 : 0);
      } catch (Throwable thrown) {
        application.failure.thrown = thrown;
        return 0;
      }
    }
  }
}
