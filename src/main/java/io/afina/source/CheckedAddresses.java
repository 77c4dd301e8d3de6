package io.afina.source;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves names to addresses that may be connected to. HttpClient connects to what this returns
 * and resolves nothing itself, so that a name cannot mean another address after it was checked (DNS
 * rebinding).
 *
 * <p>Never allowed: link-local addresses, where clouds have their metadata, multicast, and those of
 * no host. Loopback and private ones are for those who name them as an address or as {@code
 * localhost}, and for all names where the configuration says so.
 *
 * @param names resolves them
 * @param privateAllowed {@code pictures.privateSources}
 */
record CheckedAddresses(DnsResolver names, boolean privateAllowed) implements DnsResolver {

  private static final Pattern LITERAL = Pattern.compile("localhost|[0-9.]+|.*:.*");

  /** Metadata of clouds, and resolvers beside them, that are not at link-local addresses. */
  private static final List<String> METADATA =
      List.of("168.63.129.16", "100.100.100.200", "fd00:ec2:0:0:0:0:0:254");

  /** The prefixes of 96 bits behind which an IPv4 address stands: NAT64, and those of old. */
  private static final List<byte[]> TRANSLATED =
      List.of(new byte[] {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}, new byte[12]);

  /** One that may not be connected to. */
  static final class ForbiddenAddressException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    private ForbiddenAddressException(String host, InetAddress address) {
      super("%s is at %s, which nothing is fetched from".formatted(host, address.getHostAddress()));
    }
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] addresses = names.resolve(host);
    boolean literal = LITERAL.matcher(host).matches();
    for (InetAddress address : addresses) {
      InetAddress meant = translated(address);
      if (isForbidden(meant) || (isPrivate(meant) && !literal && !privateAllowed)) {
        throw new ForbiddenAddressException(host, address);
      }
    }
    return addresses;
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }

  private static boolean isForbidden(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean four = address instanceof Inet4Address;
    return address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || METADATA.contains(address.getHostAddress())
        || (four && (bytes[0] == 0 || (bytes[0] & 0xf0) == 0xf0));
  }

  private static boolean isPrivate(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address.isLoopbackAddress()
        || address.isSiteLocalAddress()
        || (address instanceof Inet6Address && (bytes[0] & 0xfe) == 0xfc)
        || (address instanceof Inet4Address && bytes[0] == 100 && (bytes[1] & 0xc0) == 64);
  }

  /** The IPv4 address that an IPv6 address leads to through a translator, else the same. */
  private static InetAddress translated(InetAddress address) throws UnknownHostException {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4 || address.isLoopbackAddress() || address.isAnyLocalAddress()) {
      return address;
    }
    if (bytes[0] == 0x20 && bytes[1] == 0x02) {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, 2, 6));
    }
    byte[] prefix = Arrays.copyOf(bytes, 12);
    return TRANSLATED.stream().anyMatch(known -> Arrays.equals(known, prefix))
        ? InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16))
        : address;
  }
}
