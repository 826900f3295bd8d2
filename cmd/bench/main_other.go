//go:build !linux

package main

func main() { panic("bench: Linux only") }
