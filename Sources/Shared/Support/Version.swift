/// The version of every program of this repository.
public let throngVersion = "0.1.0"
