package dev.nbroot.client;

import java.util.UUID;

/** Makes machine ids: 32 lower-case hexadecimal digits of a random UUID, as machine-id(5) recommends. */
public final class MachineId {
    private MachineId() {}

    /**
     * {@return a new one}
     *
     * <p>Random, not made from the MAC: the id is confidential (machine-id(5)), a MAC is not. It stays the same because
     * client.yaml keeps it.
     */
    public static String random() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
