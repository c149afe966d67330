package dev.nbroot;

import dev.nbroot.build.OwnKernelCheck;
import dev.nbroot.build.SourceDate;
import dev.nbroot.check.ProfileChecks;
import dev.nbroot.client.ClientGround;
import dev.nbroot.client.ClientViews;
import dev.nbroot.client.ViewChanges;
import dev.nbroot.command.BuildRoot;
import dev.nbroot.command.CheckProfile;
import dev.nbroot.command.CloneClient;
import dev.nbroot.command.CollectGarbage;
import dev.nbroot.command.CommitClient;
import dev.nbroot.command.DeriveGeneration;
import dev.nbroot.command.DescribeProfiles;
import dev.nbroot.command.DiffClient;
import dev.nbroot.command.DiffGenerations;
import dev.nbroot.command.EnterRoot;
import dev.nbroot.command.InstalledKernels;
import dev.nbroot.command.KernelFollower;
import dev.nbroot.command.ListClients;
import dev.nbroot.command.ListRoots;
import dev.nbroot.command.LockProfile;
import dev.nbroot.command.RebaseClient;
import dev.nbroot.command.ResetClient;
import dev.nbroot.command.RollBack;
import dev.nbroot.command.ServeClients;
import dev.nbroot.command.ShowProfile;
import dev.nbroot.command.StageBootTree;
import dev.nbroot.command.TestBoot;
import dev.nbroot.command.UpgradeRoot;
import dev.nbroot.command.UseCases;
import dev.nbroot.profile.ProfileReader;
import dev.nbroot.release.BootContract;
import dev.nbroot.report.Events;
import dev.nbroot.serve.BootServers;
import dev.nbroot.stage.DebianPxelinux;
import dev.nbroot.stage.ImageSource;
import dev.nbroot.stage.PxelinuxOnHost;
import dev.nbroot.stage.SquashedImages;
import dev.nbroot.state.StateDirectory;
import dev.nbroot.state.StateFiles;
import dev.nbroot.system.Commands;
import dev.nbroot.system.DiskUsage;
import dev.nbroot.system.Host;
import dev.nbroot.system.linux.LinuxAttendedCommands;
import dev.nbroot.system.linux.LinuxCommands;
import dev.nbroot.system.linux.LinuxNamespaces;
import dev.nbroot.system.linux.LinuxNeighbours;
import dev.nbroot.system.linux.LinuxOverlays;
import dev.nbroot.system.linux.LinuxPathExchange;
import dev.nbroot.system.linux.LinuxPortHolders;
import dev.nbroot.system.linux.LinuxPosixFiles;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * Gives the use cases their ports.
 *
 * @param home what {@code ~} means in a profile
 * @param sourceDateEpoch the variable SOURCE_DATE_EPOCH
 * @param terminal the variable TERM
 * @param state where everything lives
 * @param events who listens
 */
record Wiring(
        Path home, Optional<String> sourceDateEpoch, Optional<String> terminal, StateDirectory state, Events events)
        implements UseCases {
    @Override
    public BuildRoot buildRoot() {
        return new BuildRoot(
                state,
                new ProfileReader(home),
                new BootContract(),
                Host.real(),
                new LinuxNamespaces(),
                LinuxCommands::new,
                stageBootTree(),
                events,
                version(),
                SourceDate.parse(sourceDateEpoch));
    }

    @Override
    public LockProfile lockProfile() {
        return new LockProfile(
                state,
                new ProfileReader(home),
                new BootContract(),
                Host.real(),
                new LinuxNamespaces(),
                LinuxCommands::new,
                events,
                version());
    }

    @Override
    public CheckProfile checkProfile() {
        return new CheckProfile(new ProfileReader(home), new ProfileChecks(new BootContract()));
    }

    @Override
    public ShowProfile showProfile() {
        return new ShowProfile(new ProfileReader(home));
    }

    @Override
    public DescribeProfiles describeProfiles() {
        return new DescribeProfiles();
    }

    @Override
    public StageBootTree stageBootTree() {
        return stageBootTree(installedKernels());
    }

    private StageBootTree stageBootTree(InstalledKernels kernels) {
        PxelinuxOnHost onHost = new PxelinuxOnHost(Path.of("/"), commands());
        DebianPxelinux pxelinux = new DebianPxelinux(onHost, state.cache(), commands(), events);
        return new StageBootTree(
                state,
                new StageBootTree.Sources(pxelinux, images(), clientGround(), kernels),
                events,
                Clock.systemUTC());
    }

    private ImageSource images() {
        // What mksquashfs says is told when it fails.
        return new SquashedImages(state, Host.real(), new LinuxNamespaces(), commands(), events);
    }

    private ClientGround clientGround() {
        return new ClientGround(new LinuxOverlays(), commands(), new LinuxPathExchange());
    }

    private InstalledKernels installedKernels() {
        return new InstalledKernels(
                state,
                new LinuxPosixFiles(),
                // What it lists are thousands of names.
                new OwnKernelCheck(new LinuxNamespaces(), new LinuxCommands(Events.none())),
                new BootContract(),
                events);
    }

    private KernelFollower kernelFollower() {
        InstalledKernels kernels = installedKernels();
        return new KernelFollower(new StateFiles(state), kernels, stageBootTree(kernels), events);
    }

    @Override
    public CloneClient cloneClient() {
        return new CloneClient(state, new LinuxOverlays(), commands(), stageBootTree(), events, Clock.systemUTC());
    }

    @Override
    public DiffGenerations diffGenerations() {
        return new DiffGenerations(state, new LinuxPosixFiles(), events);
    }

    @Override
    public ListRoots listRoots() {
        return new ListRoots(state, new DiskUsage(commands())::of, events, Clock.systemUTC());
    }

    @Override
    public ListClients listClients() {
        return new ListClients(state, new DiskUsage(commands())::of, events, Clock.systemUTC());
    }

    @Override
    public RollBack rollBack() {
        return new RollBack(state, stageBootTree(), events);
    }

    @Override
    public CollectGarbage collectGarbage() {
        return new CollectGarbage(state, new DiskUsage(commands())::of, events, Clock.systemUTC());
    }

    @Override
    public DiffClient diffClient() {
        return new DiffClient(state, new LinuxPosixFiles(), events);
    }

    @Override
    public ResetClient resetClient() {
        return new ResetClient(
                state,
                Host.real(),
                viewChanges(),
                clientGround().kept(),
                new LinuxPosixFiles(),
                stageBootTree(),
                events);
    }

    @Override
    public EnterRoot enterRoot() {
        return new EnterRoot(
                state,
                deriveGeneration(),
                views(),
                new LinuxNamespaces(),
                commands(),
                new LinuxAttendedCommands(terminal),
                events);
    }

    @Override
    public UpgradeRoot upgradeRoot() {
        return new UpgradeRoot(state, deriveGeneration());
    }

    @Override
    public CommitClient commitClient() {
        return new CommitClient(state, deriveGeneration(), viewChanges());
    }

    @Override
    public RebaseClient rebaseClient() {
        return new RebaseClient(state, Host.real(), viewChanges(), stageBootTree(), events);
    }

    private DeriveGeneration deriveGeneration() {
        return new DeriveGeneration(
                state,
                new DeriveGeneration.Ground(
                        Host.real(),
                        new LinuxNamespaces(),
                        LinuxCommands::new,
                        new LinuxPosixFiles(),
                        Clock.systemUTC()),
                stageBootTree(),
                events,
                version());
    }

    @Override
    public ServeClients serveClients() {
        return new ServeClients(
                state,
                Host.real(),
                views(),
                ground(),
                told -> new Wiring(home, sourceDateEpoch, terminal, state, told).kernelFollower());
    }

    @Override
    public TestBoot testBoot() {
        return new TestBoot(
                state, Host.real(), commands(), new LinuxNamespaces(), clientGround(), stageBootTree(), ground());
    }

    private static String version() {
        return Optional.ofNullable(Wiring.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    private ClientViews views() {
        return new ClientViews(state, new LinuxOverlays());
    }

    private ViewChanges viewChanges() {
        return new ViewChanges(
                state,
                new ViewChanges.Ground(
                        new LinuxOverlays(),
                        new LinuxNamespaces(),
                        commands(),
                        new LinuxPosixFiles(),
                        new LinuxPathExchange(),
                        Clock.systemUTC()));
    }

    private Commands commands() {
        return new LinuxCommands(events);
    }

    private BootServers.Ground ground() {
        return new BootServers.Ground(new LinuxPosixFiles(), new LinuxPortHolders(), new LinuxNeighbours(), events);
    }
}
