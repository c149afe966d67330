package dev.nbroot.build;

import dev.nbroot.profile.Profile;
import dev.nbroot.release.InitrdGenerator;
import dev.nbroot.release.Release;
import java.util.ArrayList;
import java.util.List;

/** What a build would do: a value, to be shown or performed. */
public final class BuildPlan {
    private final Profile profile;
    private final Release release;
    private final String inputs;
    private final long size;
    private final List<BuildStep> choice;
    private final FetchPackages fetch;
    private final Foundation foundation;
    private final AptSettings settings;
    private final List<BuildStep> finish;

    /**
     * Puts a plan together.
     *
     * @param profile what is wanted
     * @param release what it is made of
     * @param inputs the hash of everything that decides the result
     * @param size an estimate of the tree's bytes
     * @param choice decides which package files make it
     * @param fetch gets them
     * @param foundation makes the layers
     * @param settings how apt behaves in hooks
     * @param finish makes a copy of the layer what the profile says
     */
    BuildPlan(
            Profile profile,
            Release release,
            String inputs,
            long size,
            List<BuildStep> choice,
            FetchPackages fetch,
            Foundation foundation,
            AptSettings settings,
            List<BuildStep> finish) {
        this.profile = profile;
        this.release = release;
        this.inputs = inputs;
        this.size = size;
        this.choice = List.copyOf(choice);
        this.fetch = fetch;
        this.foundation = foundation;
        this.settings = settings;
        this.finish = List.copyOf(finish);
    }

    /** {@return what is wanted} */
    public Profile profile() {
        return profile;
    }

    /** {@return what it is made of} */
    public Release release() {
        return release;
    }

    /** {@return the hash of everything that decides the result} */
    public String inputs() {
        return inputs;
    }

    /** {@return an estimate of the tree's bytes} */
    public long size() {
        return size;
    }

    /** {@return an estimate of the bytes that a build takes on disk: its tree, and the layers that it keeps} */
    public long diskSize() {
        return size * 3 / 2;
    }

    /** {@return all steps, in order} */
    List<BuildStep> steps() {
        List<BuildStep> steps = new ArrayList<>(choice);
        steps.addAll(foundation.steps());
        steps.addAll(finish);
        return List.copyOf(steps);
    }

    /** {@return all that a build does which finds nothing in the cache, in order} */
    public List<Phase> phases() {
        List<Phase> phases = new ArrayList<>();
        choice.forEach(step -> phases.add(Phase.of(step)));
        phases.add(fetch.phase());
        foundation.steps().forEach(step -> phases.add(Phase.of(step)));
        phases.add(Phase.SAVE);
        phases.add(Phase.COPY);
        finish.forEach(step -> phases.add(Phase.of(step)));
        phases.add(Phase.WRITE);
        return phases;
    }

    /** {@return SHA-256 over the part of the profile that decides which packages are chosen} */
    public String wanted() {
        return choice.stream()
                .filter(ChoosePackages.class::isInstance)
                .map(step -> ((ChoosePackages) step).wanted())
                .findFirst()
                .orElseThrow();
    }

    List<BuildStep> choice() {
        return choice;
    }

    FetchPackages fetch() {
        return fetch;
    }

    Foundation foundation() {
        return foundation;
    }

    AptSettings settings() {
        return settings;
    }

    List<BuildStep> finish() {
        return finish;
    }

    /** {@return what makes the initrd} */
    public InitrdGenerator generator() {
        return InitrdMaker.of(profile, release).generator();
    }
}
