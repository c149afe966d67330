package dev.nbroot.check;

import java.util.regex.Pattern;

/** Finds names and passwords in addresses: whatever stands before an {@code @} of the authority (RFC 3986, section 3.2). */
public final class UserInfo {
    private static final Pattern USER_INFO = Pattern.compile("[^:/]+://[^/]*@.*");

    private UserInfo() {}

    /** {@return whether the address has any} */
    public static boolean in(String address) {
        return USER_INFO.matcher(address).matches();
    }
}
