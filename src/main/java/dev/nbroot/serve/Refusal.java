package dev.nbroot.serve;

import dev.nbroot.state.ClientMode;
import dev.nbroot.state.ClientRecord;
import java.net.InetAddress;
import java.util.List;

/** Words a refusal: which rule there is, why it does not fit this machine, and what would let it in. */
record Refusal(InetAddress caller, Machines machines) {
    private static final String ROUTED = "is not known, because it is not on a network of this host";

    String of(ExportTable.Entry entry) {
        return entry.client()
                .filter(owner -> owner.mode() != ClientMode.SHARED)
                .map(owner -> view(owner, entry.grants()))
                .orElseGet(() -> tree(entry.grants()));
    }

    private String view(ClientRecord owner, List<Grant> grants) {
        String card = machines.card(caller)
                .map(mac -> "but the caller has " + mac.colons())
                .orElse("but the caller's card " + ROUTED);
        return (!owner.mode().hasView() ? "this directory" : "this view")
                + " belongs to the machine with the card " + owner.mac().colons() + " (" + owner.hostname()
                + "), "
                + card
                + (grants.size() > 1 ? ", and it is for " + Grants.audiences(grants) + " alone" : "")
                + "; to let it in by its address: nbroot serve --export "
                + owner.mac().colons() + "=" + caller.getHostAddress() + ",rw";
    }

    private String tree(List<Grant> grants) {
        boolean cards = grants.stream().anyMatch(grant -> grant.audience() instanceof Audience.Card);
        String routed = cards && machines.card(caller).isEmpty() ? ", and the caller's card " + ROUTED : "";
        return "it is for " + Grants.audiences(grants) + " by " + rules(grants) + routed
                + "; to let this machine in add " + caller.getHostAddress() + " to the rule";
    }

    private static String rules(List<Grant> grants) {
        return grants.isEmpty()
                ? "no rule, because the address that is served on has no network"
                : String.join(
                        " and ",
                        grants.stream()
                                .map(grant -> "--export " + grant.rule())
                                .distinct()
                                .toList());
    }
}
