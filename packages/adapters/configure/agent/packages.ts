/** sh: packages: fetched first, then installed from what was fetched, without the network. */
import { aptPackages } from './packages-apt.ts';
import { rpmPackages } from './packages-rpm.ts';

const accountNames = ['_chrony', 'chrony', 'ntp', 'ntpsec', 'openntpd', '_openntpd', 'systemd-timesync'].join(
  '\\|',
);

const common = `
fetched=$state/packages

# manager: apt or rpm.
manager() {
  if has apt-get && has dpkg-query; then
    manager=apt
  elif has rpm && { has dnf || has yum; }; then
    manager=rpm
  else
    because no-manager
  fi
}

# log_file: what a package manager says at length. In memory: the disk may be what is full.
log_file() {
  log=$(mktemp /run/clockwarden.XXXXXX 2>/dev/null) || log=/dev/null
}

# each_package WORDS...: decoded, into $packages.
each_package() {
  packages=
  for word; do
    take package "$word" || return 1
    packages="$packages $value"
  done
}

# The units of all time daemons that there may be; which of them runs changes with packages.
units_of_time='chrony.service chronyd.service systemd-timesyncd.service ntp.service ntpd.service ntpsec.service openntpd.service'

# running_unit: the one daemon that runs now, into $running; empty: none.
running_unit() {
  running=
  for one in $units_of_time; do
    look "$one"
    if [ "$load" = loaded ] && [ "$active" = yes ]; then
      running=$id
      return
    fi
  done
}

unit_of_package() {
  case $1 in
    chrony) [ "$manager" = rpm ] && echo chronyd.service || echo chrony.service ;;
    ntp) [ "$manager" = rpm ] && echo ntpd.service || echo ntp.service ;;
    systemd-timesyncd | ntpsec | openntpd) echo "$1.service" ;;
  esac
}

# forget_fetched PACKAGE: but not what came with it when it was installed.
forget_fetched() {
  find "$fetched/$1" -mindepth 1 -maxdepth 1 ! -name brought ! -name accounts -exec rm -rf {} + 2>/dev/null
}

do_fetch_packages() {
  each_package "$@" && manager || return 1
  out=$(mkdir -p "$fetched" 2>&1) || why_not "$fetched" "$out" || return 1
  log_file
  renewed=
  for package in $packages; do
    "fetch_$manager" "$package" || { rm -f "$log"; return 1; }
  done
  rm -f "$log"
  sync
}

# do_install_package PACKAGE COUNT REMOVED... PURGED...
do_install_package() {
  take package "$1" || return 1
  package=$value
  take count "$2" || return 1
  count=$value
  shift 2
  [ $# -ge "$count" ] || because refused words $# || return 1
  each_package "$@" || return 1
  removes=
  purges=
  for one in $packages; do
    if [ "$count" -gt 0 ]; then
      removes="$removes $one"
      count=$((count - 1))
    else
      purges="$purges $one"
    fi
  done
  manager || return 1
  log_file
  install_whole
  result=$?
  rm -f "$log"
  return $result
}

# install_whole: and the node keeps its time: what replaces a daemon that ran runs, or what ran is put back.
install_whole() {
  states=$state/runs/$run/before.$index
  if [ ! -f "$states/units" ]; then
    out=$( { mkdir -p "$states" && units_now $units_of_time >"$states/units.new" && mv "$states/units.new" "$states/units"; } 2>&1) ||
      why_not "$state" "$out" || return 1
    flushed "$states/units"
  fi
  before_package || return 1
  "install_$manager" || return 1
  accounts_came
  unit=$(unit_of_package "$package")
  [ -n "$unit" ] || return 0
  if [ -n "$removes" ]; then
    running_unit
    if ! { [ "$running" = "$unit" ] || ! grep -q ' yes yes no$\\| yes no no$' "$states/units" || make_active "$unit" yes; }; then
      "put_back_$manager"
      return 1
    fi
    "purge_$manager"
    accounts_back $purges
  fi
  [ "$direction" = undo ] || wait_in_line && return
  "put_back_$manager"
  look "$unit"
  [ "$active" = no ] || because half-done "$unit"
  return 1
}

# before_package: what is here of the package, into files of before.N that bear its name. When it is done again after a cut, the first is the truth.
before_package() {
  [ ! -f "$states/status.$package" ] || return 0
  out=$( {
    accounts >"$states/accounts.$package"
    "status_$manager" "$package" >"$states/status.new" && mv "$states/status.new" "$states/status.$package"
  } 2>&1) || why_not "$state" "$out" || return 1
  flushed "$states/accounts.$package" "$states/status.$package"
}

# wait_in_line: where a daemon of before still runs, what a package has enabled and started waits until the clock is handed over.
wait_in_line() {
  for one in $(sed -n 's/ yes [a-z]* [a-z]*$//p' "$states/units"); do
    look "$one"
    [ "$active" = no ] || [ "$id" = "$unit" ] || { make_enabled "$unit" no && make_active "$unit" no; } || return 1
  done
}

# accounts: users and groups by the names that packages of time daemons give theirs. Nobody else's is ever looked at.
accounts() {
  echo accounts
  sed -n 's/^\\(${accountNames}\\):.*/passwd \\1/p' /etc/passwd
  sed -n 's/^\\(${accountNames}\\):.*/group \\1/p' /etc/group
}

# accounts_came: those that were not here before the package, kept for the day it goes.
accounts_came() {
  accounts | grep -vxFf "$states/accounts.$package" >>"$fetched/$package/accounts" 2>/dev/null
}

# accounts_back PACKAGE...: those that came with it go as well, where its own scripts leave them.
accounts_back() {
  for one; do
    [ -s "$fetched/$one/accounts" ] || continue
    while read -r base name; do
      accounts | grep -qxF "$base $name" || continue
      if [ "$base" = passwd ]; then userdel -- "$name"; else groupdel -- "$name"; fi </dev/null >>"$log" 2>&1
    done <"$fetched/$one/accounts"
  done
}

# units_back: of those that are there again.
units_back() {
  each_unit there_again "$(cat "$states/units")" 2>/dev/null
}
hand_over_there_again() {
  look "$unit"
  [ "$load" = loaded ] || return 0
  make_enabled "$unit" "$wants_enabled"
  [ "$wants_active" = no ] || make_active "$unit" yes
}

# do_remove_package PACKAGE yes|no
do_remove_package() {
  take package "$1" || return 1
  package=$value
  take flag "$2" || return 1
  purge=$value
  manager || return 1
  log_file
  "remove_$manager"
  result=$?
  [ $result != 0 ] || [ "$purge" = no ] || accounts_back "$package"
  rm -f "$log"
  return $result
}

# dpkg_said: where dpkg failed, the last words of the package's own script, and those of dpkg; empty: it did not.
dpkg_said() {
  sed -n '/^\\(Preparing to\\|Unpacking\\|Setting up\\|Removing\\) /{s/.*//;x;d;}; /^dpkg: error processing/{x;p;x;n;p;q;}; H' "$log" |
    grep -v '^$' | tail -n 4 | tr -s ' \n' ' '
}

# why_packages: what a package manager said, as the one line that names the cause.
why_packages() {
  said=$(grep -E '^(E:|Err:|Error|error|dpkg: error|  Problem|No package|.*No space left|.*Read-only file)' "$log" | grep -v 'Sub-process' | head -n 1)
  case $(cat "$log") in
    *'Could not get lock'* | *'lock-frontend'* | *'Another app is currently holding'* | *'waiting for'*'lock'*)
      said=$(grep -E 'Could not get lock|lock-frontend|Another app|holding' "$log" | tail -n 1)
      because package-lock "$package" "$said"
      ;;
    *'No space left'* | *"don't have enough free space"* | *'insufficient space'* | *'needs '*' on the '*' filesystem'*) because disk-full "$package" "$said" ;;
    *'Read-only file system'*) because read-only "$package" "$said" ;;
    *'is not valid yet'* | *'is expired'* | *'not yet valid'* | *'not yet activated'* | *'expired certificate'* | *'certificate has expired'*)
      because wrong-clock "$package" "$said"
      ;;
    *'Temporary failure resolving'* | *'Could not resolve'*) because no-dns "$package" "$said" ;;
    *'Failed to fetch'* | *'Could not connect'* | *'Connection refused'* | *'Cannot download'* | *'No more mirrors'* | *'Failed to download'*)
      because no-mirror "$package" "$said"
      ;;
    *)
      words=$(dpkg_said)
      said=\${words:-$said}
      because package-failed "$package" "\${said:-$(tail -n 1 "$log")}"
      ;;
  esac
}
`;

export const packages = [common, aptPackages, rpmPackages].join('');
