/**
 * The one script that asks etcd and kube-apiserver on their own node how they are; it only reads. dash, busybox ash, bash.
 * kubeadm lets etcd answer in the clear on 127.0.0.1:2381; kubeasz, k3s and rke2 want a client certificate, which root reads.
 * An apiserver answers /readyz to anybody (ClusterRole system:public-info-viewer) unless anonymous requests are off, as kubeasz
 * and rke2 have them. Then it is asked with the certificate that it shows to kubelets, which its own options name: that of a user
 * like any other, who may ask this too. They also tell where it listens; kubeasz binds it to the address of the node alone.
 *
 *     clockwarden-health 1
 *     etcd absent|ok|bad|unknown WORDS
 *     apiserver absent|ok|bad|unknown WORDS
 */
export const healthScript = `main() {
exec 2>/dev/null
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
ETCDCTL_API=3
export PATH LC_ALL ETCDCTL_API
set -f
echo 'clockwarden-health 1'
has() {
  command -v "$1" >/dev/null
}
runs() {
  set +f
  cat /proc/[0-9]*/comm | grep -qx "$1"
  found=$?
  set -f
  return $found
}
# The HTTP status of a URL; 000: nobody answered, or there is nothing to ask with.
status_of() {
  if has curl; then
    curl -gsk -m 5 --noproxy '*' -o /dev/null -w '%{http_code}' "$@" </dev/null
  elif [ $# = 1 ] && has wget; then
    # Its own status is the same for every error that a server answers with.
    code=$(wget -S -T 5 -t 1 --no-proxy --no-check-certificate -O /dev/null "$1" </dev/null 2>&1 |
      sed -n 's/^ *HTTP\\/[0-9.]* \\([0-9][0-9]*\\).*/\\1/p' | tail -n 1)
    echo "\${code:-000}"
  else
    echo 000
  fi
}
# Tells what an answer means; fails when it means nothing.
judge() {
  case $2 in
    200) echo "$1 ok" ;;
    5??) echo "$1 bad HTTP $2 from $3" ;;
    *) return 1 ;;
  esac
}
ask_etcd() {
  runs etcd || { echo 'etcd absent'; return; }
  judge etcd "$(status_of http://127.0.0.1:2381/health)" http://127.0.0.1:2381/health && return
  for pair in \\
    /etc/kubernetes/pki/etcd/healthcheck-client.crt:/etc/kubernetes/pki/etcd/healthcheck-client.key \\
    /etc/kubernetes/ssl/etcd.pem:/etc/kubernetes/ssl/etcd-key.pem \\
    /etc/etcd/ssl/etcd.pem:/etc/etcd/ssl/etcd-key.pem \\
    /var/lib/rancher/k3s/server/tls/etcd/client.crt:/var/lib/rancher/k3s/server/tls/etcd/client.key \\
    /var/lib/rancher/rke2/server/tls/etcd/client.crt:/var/lib/rancher/rke2/server/tls/etcd/client.key; do
    test -r "\${pair%:*}" || continue
    code=$(status_of --cert "\${pair%:*}" --key "\${pair#*:}" https://127.0.0.1:2379/health)
    judge etcd "$code" https://127.0.0.1:2379/health && return
  done
  judge etcd "$(status_of http://127.0.0.1:2379/health)" http://127.0.0.1:2379/health && return
  if has etcdctl && etcdctl --command-timeout=5s endpoint health </dev/null >/dev/null; then
    echo 'etcd ok'
  else
    echo 'etcd unknown'
  fi
}
# An option of the running apiserver. Only a process of root's is believed: anybody may call his own like that.
option() {
  printf '%s\\n' "$options" | sed -n -e "s/^--$1=//p" -e "/^--$1$/{n;p;}" | tail -n 1
}
ask_apiserver() {
  runs kube-apiserver || { echo 'apiserver absent'; return; }
  set +f
  options=$(grep -lx kube-apiserver /proc/[0-9]*/comm | while read -r path; do
    [ "$(stat -c %u "\${path%/comm}")" = 0 ] && tr '\\0' '\\n' <"\${path%/comm}/cmdline" && break
  done)
  set -f
  address=$(option bind-address)
  port=$(option secure-port)
  case $address in
    '' | 0.0.0.0 | :: | *[!0-9A-Fa-f.:]*) address=127.0.0.1 ;;
    *:*) address="[$address]" ;;
  esac
  case $port in
    '' | *[!0-9]*) port=6443 ;;
  esac
  url=https://$address:$port/readyz
  judge apiserver "$(status_of "$url")" "$url" && return
  cert=$(option kubelet-client-certificate)
  key=$(option kubelet-client-key)
  case $cert$key in
    *[!A-Za-z0-9._/-]*) ;;
    /*) judge apiserver "$(status_of --cert "$cert" --key "$key" "$url")" "$url" && return ;;
  esac
  echo 'apiserver unknown'
}
ask_etcd
ask_apiserver
}
main
`;
