package dev.nbroot.profile;

/** Public keys made for the tests; their private halves are gone. */
final class Keys {
    static final String ED25519 =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICufvdiBmCOx/ZoR3jEagpJoM7oPVKpGJigAjXOCvPrR ada@example.org";
    static final String ECDSA =
            "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBPE831Wbs7gDc2p7UFKt2AWeWlUuuz8g"
                    + "DB9dzxpALtILzO5M3SoVck5Z31ViTSzloJDHzeOyqW7tYqp4LAejL6c= ada@example.org";

    /** SHA-512 crypt of a word that opens nothing. */
    static final String HASH =
            "$6$nbrootsalt$/N9rqMGEEPc8kaE/1BFzinSAE4A2IMkAgf.iZcElrswFZrwPjlQevymC4wdABKu/D9qcmDI2IScUvjYWfk8LY0";

    private Keys() {}
}
