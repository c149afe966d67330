package dev.nbroot.nfs;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes a tree by chance, as root: directories, files, links of both kinds, pipes, of several owners and modes. */
final class RandomTree {
    private static final int MOST_DEPTH = 3;
    private static final int[] OWNERS = {0, 1000, 1001};
    private static final int[] GROUPS = {0, 1000, 2000};

    private final LocalModel model;
    private final Random random;
    private final String[] names;
    private final int[] modes;
    private final List<Integer> files = new ArrayList<>();
    private final List<Integer> made = new ArrayList<>();

    RandomTree(LocalModel model, Random random, String[] names, int[] modes) {
        this.model = model;
        this.random = random;
        this.names = names.clone();
        this.modes = modes.clone();
    }

    /** {@return places for all that was made; the caller closes them} */
    List<Integer> fill(int directory) {
        fill(directory, 1);
        return made;
    }

    private void fill(int directory, int depth) {
        for (String name : names) {
            if (random.nextInt(5) < 3) {
                make(directory, name, depth);
            }
        }
    }

    private void make(int directory, String name, int depth) {
        int kind = random.nextInt(10);
        if (kind < 4 && depth < MOST_DEPTH) {
            done(model.mkdir(directory, name, 0755));
            int place = place(directory, name);
            fill(place, depth + 1);
            adorn(place);
        } else if (kind == 4 && !files.isEmpty()) {
            done(model.link(files.get(random.nextInt(files.size())), directory, name));
        } else if (kind == 5) {
            done(model.symlink("../" + names[random.nextInt(names.length)], directory, name));
            place(directory, name);
        } else if (kind == 6) {
            done(model.mknod(directory, name, 0010644, 0, 0));
            place(directory, name);
        } else {
            done(model.create(directory, name, 0600));
            int place = place(directory, name);
            byte[] contents = new byte[1 + random.nextInt(10_000)];
            random.nextBytes(contents);
            done(model.write(place, random.nextInt(3) * 5000L, contents));
            adorn(place);
            files.add(place);
        }
    }

    private int place(int directory, String name) {
        int place = model.lookup(directory, name);
        made.add(place);
        return place;
    }

    private void adorn(int place) {
        done(model.chown(place, OWNERS[random.nextInt(OWNERS.length)], GROUPS[random.nextInt(GROUPS.length)]));
        done(model.chmod(place, modes[random.nextInt(modes.length)]));
    }

    private static void done(long result) {
        if (result < 0) {
            throw new IllegalStateException("a tree cannot be made: errno " + -result);
        }
    }
}
