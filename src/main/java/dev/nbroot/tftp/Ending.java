package dev.nbroot.tftp;

/** Why a transfer is over; the reason is empty for plain success. */
record Ending(Outcome outcome, String reason) {}
