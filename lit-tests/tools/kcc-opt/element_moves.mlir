// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: kcc-opt %s --split-input-file --verify-diagnostics | kcc-opt --split-input-file | FileCheck %s

// What the operations that move elements inside of a tile look like, and what their verifiers refuse.

// CHECK-LABEL: func.func @forms
func.func @forms(%x: tensor<4x8xf32>, %i: tensor<4x2xi32>, %k: tensor<4x8xi32>, %m: tensor<4x8xi1>) {
  // CHECK: kcc.sort %{{.*}}, %{{.*}} attributes {axis = 1 : i64, bitonic} {
  // CHECK:   kcc.yield %{{.*}} : i1
  // CHECK: } : tensor<4x8xf32>, tensor<4x8xi32> -> tensor<4x8xf32>, tensor<4x8xi32>
  %s:2 = kcc.sort %x, %k attributes {axis = 1 : i64, bitonic} {
  ^bb0(%a: f32, %ai: i32, %b: f32, %bi: i32):
    %before = arith.cmpf olt, %a, %b : f32
    kcc.yield %before : i1
  } : tensor<4x8xf32>, tensor<4x8xi32> -> tensor<4x8xf32>, tensor<4x8xi32>
  // CHECK: kcc.gather %{{.*}}[%{{.*}}] axis 1 : tensor<4x8xf32>, tensor<4x2xi32> -> tensor<4x2xf32>
  %g = kcc.gather %x[%i] axis 1 : tensor<4x8xf32>, tensor<4x2xi32> -> tensor<4x2xf32>
  // CHECK: kcc.flip %{{.*}} axis 0 : tensor<4x8xf32>
  %f = kcc.flip %x axis 0 : tensor<4x8xf32>
  // CHECK: kcc.join %{{.*}}, %{{.*}} : tensor<4x8xf32> -> tensor<4x8x2xf32>
  %j = kcc.join %x, %f : tensor<4x8xf32> -> tensor<4x8x2xf32>
  // CHECK: kcc.split %{{.*}} : tensor<4x8x2xf32> -> tensor<4x8xf32>
  %p, %q = kcc.split %j : tensor<4x8x2xf32> -> tensor<4x8xf32>
  // CHECK: kcc.histogram %{{.*}} mask %{{.*}} : tensor<4x8xi32> -> tensor<16xi32>
  %h = kcc.histogram %k mask %m : tensor<4x8xi32> -> tensor<16xi32>
  return
}

// -----

func.func @axis(%x: tensor<4xf32>) {
  // expected-error @+2 {{has axis 1 on a tile of rank 1}}
  // expected-note @+1 {{see current operation}}
  %f = kcc.flip %x axis 1 : tensor<4xf32>
  return
}

// -----

func.func @shapes(%x: tensor<4xf32>, %y: tensor<8xi32>) {
  // expected-error @+2 {{needs tiles of one shape}}
  // expected-note @+1 {{see current operation}}
  %s:2 = kcc.sort %x, %y attributes {axis = 0 : i64} {
  ^bb0(%a: f32, %ai: i32, %b: f32, %bi: i32):
    %before = arith.cmpf olt, %a, %b : f32
    kcc.yield %before : i1
  } : tensor<4xf32>, tensor<8xi32> -> tensor<4xf32>, tensor<8xi32>
  return
}

// -----

func.func @comparator(%x: tensor<4xf32>) {
  // expected-error @+2 {{needs a comparator from 2 elements to i1}}
  // expected-note @+1 {{see current operation}}
  %s = kcc.sort %x attributes {axis = 0 : i64} {
  ^bb0(%a: f32, %b: f32):
    kcc.yield %a : f32
  } : tensor<4xf32> -> tensor<4xf32>
  return
}

// -----

func.func @indices(%x: tensor<4x8xf32>, %i: tensor<2x2xi32>) {
  // expected-error @+2 {{needs indices of the source's sizes apart from axis 1}}
  // expected-note @+1 {{see current operation}}
  %g = kcc.gather %x[%i] axis 1 : tensor<4x8xf32>, tensor<2x2xi32> -> tensor<2x2xf32>
  return
}

// -----

func.func @chosen(%x: tensor<4x8xf32>, %i: tensor<4x2xi32>) {
  // expected-error @+2 {{gives one element of the source for each index}}
  // expected-note @+1 {{see current operation}}
  %g = kcc.gather %x[%i] axis 1 : tensor<4x8xf32>, tensor<4x2xi32> -> tensor<4x4xf32>
  return
}

// -----

func.func @halves(%x: tensor<4x8xf32>) {
  // expected-error @+2 {{needs halves of 'tensor<4x8xf32>'}}
  // expected-note @+1 {{see current operation}}
  %p, %q = kcc.split %x : tensor<4x8xf32> -> tensor<4x4xf32>
  return
}

// -----

func.func @rank(%x: f32, %t: tensor<2xf32>) {
  // expected-error @+2 {{needs halves of rank 1 or more}}
  // expected-note @+1 {{see current operation}}
  %p, %q = kcc.split %t : tensor<2xf32> -> tensor<f32>
  return
}

// -----

func.func @bins(%x: tensor<4xi32>) {
  // expected-error @+2 {{gives a tile of rank 1}}
  // expected-note @+1 {{see current operation}}
  %h = kcc.histogram %x : tensor<4xi32> -> tensor<2x2xi32>
  return
}
