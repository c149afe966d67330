package dev.nbroot.command;

/** The use cases, ready to run against one state directory. */
public interface UseCases {
    /** {@return what {@code nbroot build} does} */
    BuildRoot buildRoot();

    /** {@return what {@code nbroot lock} does} */
    LockProfile lockProfile();

    /** {@return what {@code nbroot check} does} */
    CheckProfile checkProfile();

    /** {@return what {@code nbroot show} does} */
    ShowProfile showProfile();

    /** {@return what {@code nbroot schema} does} */
    DescribeProfiles describeProfiles();

    /** {@return what {@code nbroot stage} does} */
    StageBootTree stageBootTree();

    /** {@return what {@code nbroot clone} does} */
    CloneClient cloneClient();

    /** {@return what {@code nbroot diff} does} */
    DiffGenerations diffGenerations();

    /** {@return what {@code nbroot roots} does} */
    ListRoots listRoots();

    /** {@return what {@code nbroot clients} does} */
    ListClients listClients();

    /** {@return what {@code nbroot rollback} does} */
    RollBack rollBack();

    /** {@return what {@code nbroot gc} does} */
    CollectGarbage collectGarbage();
    /** {@return what {@code nbroot diff --mac} does} */
    DiffClient diffClient();

    /** {@return what {@code nbroot reset} does} */
    ResetClient resetClient();

    /** {@return what {@code nbroot enter} does} */
    EnterRoot enterRoot();

    /** {@return what {@code nbroot upgrade} does} */
    UpgradeRoot upgradeRoot();

    /** {@return what {@code nbroot commit} does} */
    CommitClient commitClient();

    /** {@return what {@code nbroot rebase} does} */
    RebaseClient rebaseClient();

    /** {@return what {@code nbroot serve} does} */
    ServeClients serveClients();

    /** {@return what {@code nbroot test} does} */
    TestBoot testBoot();
}
