package dev.nbroot.command;

import java.util.Map;

/**
 * A JSON Schema.
 *
 * @param text for files and people
 * @param tree the same as data
 */
public record SchemaOutcome(String text, Map<String, Object> tree) {}
