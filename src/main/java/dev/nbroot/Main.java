package dev.nbroot;

/** The program's entry: wires the ports, builds the command line, exits. */
public final class Main {
    private Main() {}

    /**
     * Runs nbroot.
     *
     * @param args the command line's words
     */
    public static void main(String[] args) {
        System.out.println("nbroot");
    }
}
