package main

// reasons says, by its name, why a target is not met. The page has it only as long as that is so.
var reasons = map[string]string{}
