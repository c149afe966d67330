package dev.nbroot.tftp;

/** Makes a file name of what clients send. */
final class RequestedName {
    private RequestedName() {}

    /**
     * {@return the name relative to the root, with single slashes and none at the start; empty if nothing is left}
     *
     * <p>Windows boot managers send backslashes, some PXE ROMs append bytes 0xff to what the DHCP server told them.
     *
     * @param asked as sent; bytes 0xff have become U+00FF (see {@link RequestParser})
     */
    static String clean(String asked) {
        int end = asked.length();
        while (end > 0 && asked.charAt(end - 1) == '\u00ff') {
            end--;
        }
        StringBuilder name = new StringBuilder(end);
        for (int i = 0; i < end; i++) {
            char c = asked.charAt(i) == '\\' ? '/' : asked.charAt(i);
            boolean surplus = c == '/' && (name.length() == 0 || name.charAt(name.length() - 1) == '/');
            if (!surplus) {
                name.append(c);
            }
        }
        return name.toString();
    }
}
