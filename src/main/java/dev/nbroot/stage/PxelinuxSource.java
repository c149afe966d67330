package dev.nbroot.stage;

/** Where PXELINUX comes from. */
@FunctionalInterface
public interface PxelinuxSource {
    /**
     * Finds the loader.
     *
     * @param generation whose suite's packages are taken when the host has none
     * @throws dev.nbroot.report.Failure when there is none to be had
     */
    PxelinuxLoader loader(StagedGeneration generation);
}
