// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.maven;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.maven.model.Resource;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.util.DirectoryScanner;

/** Compiles each kernel file into one fat binary for all targets, which becomes a resource of the project. */
@Mojo(name = "compile", defaultPhase = LifecyclePhase.GENERATE_RESOURCES, threadSafe = true)
public final class CompileMojo extends AbstractMojo {
  /** Folder of the kernels; its subfolders are kept in the output. */
  @Parameter(property = "kcc.sources", defaultValue = "${project.basedir}/src/main/kernels", required = true)
  File sources;

  /** Which files below the folder are kernels; all Python files by default. */
  @Parameter
  List<String> includes;

  /** Which of these are not. */
  @Parameter
  List<String> excludes;

  /** Chips to compile for, such as h100 and mi300. */
  @Parameter(property = "kcc.targets", required = true)
  List<String> targets;

  /** Values of compile-time constants. */
  @Parameter
  Map<String, String> defines;

  /** Parameters of a Triton kernel, as in "x_ptr:*f16:16, n:i32". */
  @Parameter
  String signature;

  /** Where the fat binaries go; added to the project's resources. */
  @Parameter(defaultValue = "${project.build.directory}/generated-resources/kcc", required = true)
  File outputDirectory;

  /** The script kcc; by default the one in kcc.home, in KCC_HOME, or on PATH. */
  @Parameter(property = "kcc.launcher")
  File kcc;

  /** Folder of the script kcc. */
  @Parameter(property = "kcc.home")
  File home;

  /** Leaves kernels alone. */
  @Parameter(property = "kcc.skip", defaultValue = "false")
  boolean skip;

  @Parameter(defaultValue = "${project}", readonly = true, required = true)
  MavenProject project;

  @Override
  public void execute() throws MojoExecutionException, MojoFailureException {
    if (skip) {
      getLog().info("kernels are skipped");
      return;
    }
    try {
      KernelOutput.removeOrphans(outputDirectory.toPath());
      List<String> names = kernels();
      if (names.isEmpty()) {
        getLog().warn("no kernels in " + sources);
      } else {
        compile(names);
      }
    } catch (IllegalArgumentException wrong) {
      throw new MojoExecutionException(wrong.getMessage(), wrong);
    } catch (IOException failure) {
      throw new MojoExecutionException("cannot compile kernels: " + failure, failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new MojoExecutionException("the compile of kernels was interrupted", interrupted);
    }
    Resource resource = new Resource();
    resource.setDirectory(outputDirectory.getPath());
    resource.addInclude("**/*.kcc");
    project.addResource(resource);
  }

  /** In the same order on every machine. */
  private List<String> kernels() {
    if (!sources.isDirectory()) {
      return List.of();
    }
    DirectoryScanner scanner = new DirectoryScanner();
    scanner.setBasedir(sources);
    scanner.setIncludes(includes == null || includes.isEmpty() ? new String[] {"**/*.py"} : includes.toArray(String[]::new));
    scanner.setExcludes(excludes == null ? new String[0] : excludes.toArray(String[]::new));
    scanner.addDefaultExcludes();
    scanner.scan();
    String[] names = scanner.getIncludedFiles();
    Arrays.sort(names);
    return List.of(names);
  }

  /** One kernel's errors do not hide the next one's; a set-up that does not work ends the work. */
  private void compile(List<String> names)
      throws IOException, InterruptedException, MojoExecutionException, MojoFailureException {
    KernelOptions options = KernelOptions.of(targets, defines, signature);
    Launcher launcher = Launcher.find(kcc, home, System.getenv());
    List<String> failures = new ArrayList<>();
    Map<Path, Path> sourceOf = new HashMap<>();
    int compiled = 0;
    for (String name : names) {
      KernelOutput output = KernelOutput.of(sources.toPath(), name, outputDirectory.toPath());
      Path other = sourceOf.put(output.file(), output.source());
      if (other != null) {
        throw new IllegalArgumentException(
            "'%s' and '%s' would both become '%s'; rename one".formatted(other, output.source(), output.file()));
      }
      List<String> commandLine = options.commandLine(launcher.script(), output.source(), output.file());
      if (output.isCurrent(commandLine)) {
        getLog().debug(output.file() + " is current");
        continue;
      }
      try {
        compile(output, commandLine);
        compiled++;
      } catch (MojoFailureException failure) {
        failures.add(failure.getMessage());
      }
    }
    if (!failures.isEmpty()) {
      throw new MojoFailureException(String.join("; ", failures));
    }
    getLog().info("kernel files for %s: %d compiled, %d already current"
        .formatted(String.join(", ", options.targets()), compiled, names.size() - compiled));
  }

  /** kcc itself writes the output whole or not at all; it leaves a reproducer of a bug in its current folder. */
  private void compile(KernelOutput output, List<String> commandLine)
      throws IOException, InterruptedException, MojoExecutionException, MojoFailureException {
    Files.createDirectories(output.file().getParent());
    Path folder = Files.createDirectories(Path.of(project.getBuild().getDirectory()));
    int exitCode = Launcher.run(commandLine, folder, new CompilerMessages(getLog())::line);
    new ExitCode(exitCode).check(output.source());
    output.writeStamp(commandLine);
  }
}
