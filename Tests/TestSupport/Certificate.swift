/// A CA and a server certificate for `localhost` and 127.0.0.1, made by the openssl program.
public enum Certificate {
  /// Writes `ca.pem`, `server.pem` and `server.key`.
  public static func make(in directory: TemporaryDirectory) throws {
    // A configuration of its own: the system's may add extensions that clash.
    let configuration = """
      [req]
      distinguished_name = name
      prompt = no
      [name]
      CN = Throng test
      [ca]
      basicConstraints = critical, CA:TRUE
      keyUsage = critical, keyCertSign
      subjectKeyIdentifier = hash
      [server]
      basicConstraints = critical, CA:FALSE
      subjectAltName = DNS:localhost, IP:127.0.0.1
      extendedKeyUsage = serverAuth

      """
    try directory.write("openssl.cnf", configuration)
    func openssl(_ words: String) throws {
      try ChildProcess.run(
        "openssl", words.split(separator: " ").map(String.init), directory: directory.path)
    }
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -config openssl.cnf"
    try openssl(
      "req -x509 \(key) -extensions ca -subj /CN=throng-test-ca -days 2"
        + " -keyout ca.key -out ca.pem")
    try openssl("req -new \(key) -subj /CN=localhost -keyout server.key -out server.csr")
    try openssl(
      "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2"
        + " -extfile openssl.cnf -extensions server -out server.pem")
  }
}
