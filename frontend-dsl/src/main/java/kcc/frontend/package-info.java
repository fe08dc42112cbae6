// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The front end as the driver sees it.
package kcc.frontend;
