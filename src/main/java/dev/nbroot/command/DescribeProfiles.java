package dev.nbroot.command;

import dev.nbroot.profile.ProfileSchema;

/** {@code nbroot schema}: what a profile may hold, as a JSON Schema for editors. */
public final class DescribeProfiles {

    /**
     * {@return the schema}
     *
     * @param part for the parts that profiles include, in which nothing is required
     */
    public SchemaOutcome run(boolean part) {
        return new SchemaOutcome(ProfileSchema.text(part), ProfileSchema.tree(part));
    }
}
