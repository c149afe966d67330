package dev.nbroot.client;

/**
 * A machine's SSH host key.
 *
 * @param type {@code rsa}, {@code ecdsa} or {@code ed25519}
 * @param fingerprint as ssh(1) shows it at the first connection: {@code SHA256:} and base64 without padding
 * @param privateKey the text of {@code ssh_host_TYPE_key}
 * @param publicKey the text of {@code ssh_host_TYPE_key.pub}
 */
public record HostKey(String type, String fingerprint, String privateKey, String publicKey) {
    /** {@return type and fingerprint; never the private key} */
    @Override
    public String toString() {
        return type + " " + fingerprint;
    }
}
