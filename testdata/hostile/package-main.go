// -> refused: package main
// A program instead of a package.
package main

func main() {}
