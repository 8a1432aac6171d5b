const options = (names: string): ReadonlySet<string> => new Set(names.trim().split(/\s+/));

/** Long options of curl, without the dashes, that take no value: `curl --help all` of 7.88 and later additions. */
export const curlFlags = options(`
  anyauth append basic ca-native cert-status compressed compressed-ssh create-dirs crlf digest disable disable-eprt
  disable-epsv disallow-username-in-url doh-cert-status doh-insecure fail fail-early fail-with-body false-start follow
  form-escape ftp-create-dirs ftp-pasv ftp-pret ftp-skip-pasv-ip ftp-ssl-ccc ftp-ssl-control get globoff
  haproxy-protocol head http0.9 http1.0 http1.1 http2 http2-prior-knowledge http3 http3-only ignore-content-length
  include insecure ipv4 ipv6 junk-session-cookies list-only location location-trusted mail-rcpt-allowfails manual mptcp
  negotiate netrc netrc-optional next ntlm ntlm-wb parallel parallel-immediate path-as-is post301 post302 post303
  progress-bar proxy-anyauth proxy-basic proxy-ca-native proxy-digest proxy-http2 proxy-insecure proxy-negotiate
  proxy-ntlm proxy-ssl-allow-beast proxy-ssl-auto-client-cert proxy-tlsv1 proxytunnel raw remote-header-name remote-name
  remote-name-all remote-time remove-on-error retry-all-errors retry-connrefused sasl-ir show-error show-headers silent
  skip-existing socks5-basic socks5-gssapi socks5-gssapi-nec ssl ssl-allow-beast ssl-auto-client-cert ssl-no-revoke
  ssl-reqd ssl-revoke-best-effort sslv2 sslv3 styled-output suppress-connect-headers tcp-fastopen tcp-nodelay
  tftp-no-options tls-earlydata tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 tr-encoding trace-ids trace-time use-ascii verbose
  version xattr
`);

/** Long options of GNU wget and of busybox, without the dashes, that take no value: `wget --help` of 1.21. */
export const wgetFlags = options(`
  adjust-extension ask-password auth-no-challenge background backup-converted content-disposition content-on-error
  continue convert-file-only convert-links debug delete-after follow-ftp force-directories force-html help https-only
  ignore-case ignore-length inet4-only inet6-only keep-session-cookies mirror page-requisites passive-ftp
  preserve-permissions protocol-directories quiet random-wait recursive relative retr-symlinks retry-connrefused
  save-headers server-response show-progress span-hosts spider strict-comments timestamping trust-server-names unlink
  verbose version warc-cdx xattr
`);

/** Long options of ncat, without the dashes, that take no value. */
export const ncatFlags = options(`
  broker chat crlf help keep-open listen nodns recv-only send-only sctp ssl ssl-verify telnet udp unixsock verbose
  version vsock zero
`);
