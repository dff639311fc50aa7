/** sh: apt and dpkg. Debian's time daemons exclude each other, so that to install one is to remove the other. */
export const aptPackages = `
apt() {
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 NEEDRESTART_MODE=l APT_LISTCHANGES_FRONTEND=none UCF_FORCE_CONFFOLD=1 \\
    apt-get -q -y -o DPkg::Lock::Timeout=180 -o APT::Sandbox::User=root -o APT::Get::AllowUnauthenticated=false \\
    -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-confdef -o Dpkg::Use-Pty=0 \\
    -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 -o Acquire::Retries=1 "$@" >"$log" 2>&1
}

# version_of PACKAGE: installed; empty: it is not.
version_of() {
  dpkg-query -W -f '\${db:Status-Status} \${Version}\\n' "$1" 2>/dev/null | sed -n 's/^installed //p' | head -n 1
}

# status_of PACKAGE: as dpkg calls it: installed, half-configured, config-files, ...; empty: it knows nothing of it.
status_of() {
  dpkg-query -W -f '\${db:Status-Status}\\n' "$1" 2>/dev/null | head -n 1
}

# status_apt PACKAGE: as status_of; files that are here of it without dpkg are somebody's, and no purge may take them.
status_apt() {
  case $1 in
    chrony | ntpsec | openntpd) own=/etc/$1 ;;
    ntp) own=/etc/ntp.conf ;;
    *) own= ;;
  esac
  found=$(status_of "$1")
  case $found in
    '' | not-installed) [ -z "$own" ] || [ ! -e "$own" ] || found=config-files ;;
  esac
  echo "$found"
}

is_there() {
  [ -n "$(version_of "$1")" ]
}

# deb_of PACKAGE: what was fetched of it, into $deb.
deb_of() {
  deb=$(ls "$fetched/$1" 2>/dev/null | grep "^\${1}_.*\\\\.deb$" | tail -n 1)
  [ -n "$deb" ] && deb=$fetched/$1/$deb
}

# fetch_apt PACKAGE: with what it needs when it is not installed; at its own version, for the way back, when it is.
fetch_apt() {
  version=$(version_of "$1")
  [ -f "$fetched/$1/whole" ] && [ "$(cat "$fetched/$1/whole")" = "\${version:-$(candidate_of "$1")}" ] && return
  forget_fetched "$1"
  out=$(mkdir -p "$fetched/$1/partial" 2>&1) || why_not "$fetched" "$out" || return 1
  if [ -n "$version" ]; then
    fetch_installed "$1" "$version" || return 1
    # Whether a person asked for it is to be as before, too.
    apt-mark showauto "$1" 2>/dev/null >"$fetched/$1/auto"
  else
    fetch_new "$1" || return 1
  fi
  deb_of "$1" || because package-failed "$1" "$(tail -n 1 "$log")" || return 1
  echo "\${version:-$(candidate_of "$1")}" >"$fetched/$1/whole"
}

# candidate_of PACKAGE: the version that would be installed; empty: the lists know none.
candidate_of() {
  apt-cache policy "$1" 2>/dev/null | sed -n 's/^  Candidate: \\([^(].*\\)/\\1/p'
}

fetch_new() {
  if [ -z "$(candidate_of "$1")" ]; then
    renew || why_packages || return 1
    if [ -z "$(candidate_of "$1")" ]; then
      # apt-get update ends with 0 where no archive answered.
      ! grep -q '^W: Failed to fetch' "$log" || why_packages || return 1
      because no-package "$1" || return 1
    fi
  fi
  download_new "$1" && return
  # Lists that are old name files that are gone.
  grep -q '404' "$log" && renew && download_new "$1" && return
  why_packages
}

# renew: what the archives have, once for an action.
renew() {
  renewed=yes
  apt update && return
  # Lists from the future: this clock is behind, which is what somebody is here to mend. Signatures are checked all the same.
  grep -q 'is not valid yet' "$log" && apt -o Acquire::Check-Date=false update
}

download_new() {
  apt --download-only --no-install-recommends -o Dir::Cache::archives="$fetched/$1" install "$1"
}

fetch_installed() {
  (cd "$fetched/$1" && apt download "$1=$2") && return
  if [ -z "$renewed" ]; then renew && (cd "$fetched/$1" && apt download "$1=$2") && return; fi
  # The archive has another version by now: it is built again from its files.
  repack "$1" "$2"
}

# repack PACKAGE VERSION: from the files that it has on this machine and from what dpkg knows of it.
repack() {
  tree=$fetched/$1/tree
  mkdir -p "$tree/DEBIAN" || return 1
  dpkg-query -L "$1" | while read -r path; do
    case $path in
      /. | 'diverted by '* | *' diverted '*) continue ;;
      # Links into /usr that are not the package's own.
      /bin | /sbin | /lib | /lib32 | /lib64 | /libx32) mkdir -p "$tree$path" || exit 1; continue ;;
    esac
    if [ -d "$path" ] && [ ! -L "$path" ]; then
      mkdir -p "$tree$path" && chmod --reference="$path" "$tree$path" && chown --reference="$path" "$tree$path"
    elif [ -e "$path" ] || [ -L "$path" ]; then
      mkdir -p "$tree\${path%/*}"
      cp -p -P "$path" "$tree$path"
    fi || exit 1
  done 2>"$log" || why_packages || return 1
  dpkg-query -s "$1" | sed '/^Status:/d; /^Conffiles:/,/^[A-Z]/{/^Conffiles:/d; /^ /d;}' >"$tree/DEBIAN/control"
  for part in preinst postinst prerm postrm config templates triggers conffiles md5sums shlibs symbols; do
    for from in "$1.$part" "$1:$(dpkg --print-architecture).$part"; do
      [ ! -f "/var/lib/dpkg/info/$from" ] || cp -p "/var/lib/dpkg/info/$from" "$tree/DEBIAN/$part"
    done
  done
  # By this name apt finds it without wanting to fetch it.
  name=$1_$(printf %s "$2" | sed 's/:/%3a/')_$(dpkg-query -W -f '\${Architecture}' "$1").deb
  dpkg-deb -b "$tree" "$fetched/$1/$name" >"$log" 2>&1 || why_packages || return 1
  : >"$fetched/$1/repacked"
  rm -rf "$tree"
}

# undisturbed: a dpkg that was interrupted is ended first, or nothing can be installed.
undisturbed() {
  [ -z "$(dpkg --audit 2>/dev/null)" ] || DEBIAN_FRONTEND=noninteractive dpkg --force-confold --force-confdef --configure -a >"$log" 2>&1
}

# offline PACKAGE WORDS...: apt without the network, from what was fetched for that package.
offline() {
  archives=$fetched/$1
  mkdir -p "$archives/partial"
  shift
  # An archive that has the same version has other bytes for it, and apt would want those.
  if [ -e "$archives/repacked" ]; then
    mkdir -p "$archives/lists/partial"
    set -- -o Dir::State::lists="$archives/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= "$@"
  fi
  apt --no-download --no-install-recommends --allow-downgrades -o Dir::Cache::archives="$archives" "$@"
}

# would WORDS...: as offline, but only what it would do, into $log.
would() {
  offline "$@" -s
}

# leaving: packages that would be removed although nobody has planned so, into $leaving; those not yet there that would come, into $coming.
weigh() {
  leaving=
  coming=
  for one in $(sed -n 's/^Remv \\([^ ]*\\).*/\\1/p' "$log"); do
    case " $removes $(echo $brought) " in
      *" \${one%:*} "*) ;;
      *) leaving="$leaving $one" ;;
    esac
  done
  for one in $(sed -n 's/^Inst \\([^ ]*\\).*/\\1/p' "$log"); do
    is_there "$one" || coming="$coming \${one%:*}"
  done
}

# minus PACKAGE...: as apt wants to hear that they are to go.
minus() {
  minus=
  for one; do
    is_there "$one" && minus="$minus $one-"
  done
}

install_apt() {
  undisturbed || not_installed || return 1
  deb_of "$package" || because not-fetched "$package" || return 1
  # What came with the packages that go now, and nobody else needs.
  brought=
  for one in $removes; do
    [ ! -s "$fetched/$one/brought" ] || brought="$brought $(apt-mark showauto $(cat "$fetched/$one/brought") 2>/dev/null)"
  done
  if is_there "$package" && gone $removes; then return; fi
  minus $removes $brought
  would "$package" install "$deb" $minus || why_packages || return 1
  weigh
  if [ -n "$leaving" ] && [ -n "$brought" ]; then
    # Somebody else needs them by now.
    brought=
    minus $removes
    would "$package" install "$deb" $minus || why_packages || return 1
    weigh
  fi
  [ -z "$leaving" ] || because would-remove "$package" $leaving || return 1
  # What a first attempt brought that was cut is there by now, and is ours all the same.
  for one in $coming; do
    [ "$one" = "$package" ] || printf '%s\\n' "$one"
  done >>"$fetched/$package/brought"
  if offline "$package" install "$deb" $minus; then
    [ ! -s "$fetched/$package/auto" ] || apt-mark auto "$package" >/dev/null 2>&1
    return 0
  fi
  not_installed
}

not_installed() {
  why=$(why_packages 2>&1)
  put_back_apt
  printf '%s\\n' "$why" >&2
  return 1
}

# gone PACKAGE...: none of them is installed.
gone() {
  for one; do
    ! is_there "$one" || return 1
  done
}

# purge_apt: configuration files of what went, where nobody had any before. What it brought goes with everything.
purge_apt() {
  for one in $purges $brought; do
    case $(status_of "$one") in
      config-files) DEBIAN_FRONTEND=noninteractive dpkg --purge "$one" >>"$log" 2>&1 ;;
    esac
  done
  # The users of daemons that are gone, and the memory of their debconf, are as they were; what was fetched stays for the way back.
  return 0
}

# put_back_apt: the package that was there, from its own file; nothing stays of the one that came.
put_back_apt() {
  DEBIAN_FRONTEND=noninteractive dpkg --force-confold --force-confdef --configure -a >>"$log" 2>&1
  came=$package
  whole=yes
  brought=
  [ ! -s "$fetched/$came/brought" ] || brought=$(apt-mark showauto $(cat "$fetched/$came/brought") 2>/dev/null)
  for old in $removes; do
    if ! deb_of "$old"; then
      gone "$old" || continue
      because half-done "$old"
      whole=
      continue
    fi
    gone "$old" || [ -n "$(version_of "$came")" ] || continue
    minus "$came" $brought
    offline "$old" install "$deb" $minus ||
      { dpkg --remove --force-remove-reinstreq "$came" && dpkg --force-confold --force-confdef -i "$deb"; } >>"$log" 2>&1
    [ ! -s "$fetched/$old/auto" ] || apt-mark auto "$old" >/dev/null 2>&1
    if gone "$old"; then
      because half-done "$old"
      whole=
    fi
  done
  # Better the new one than none.
  [ -z "$whole" ] || leave_nothing_of "$came"
  units_back
}

# leave_nothing_of PACKAGE: that came in this action, but what was here of it before.
leave_nothing_of() {
  # Without a word about before, nothing is taken away.
  [ -s "$states/status.$1" ] || return 0
  case $(cat "$states/status.$1") in
    '' | not-installed) purges=$1 ;;
    config-files) purges= ;;
    *) return 0 ;;
  esac
  leaves=
  for one in "$1" $brought; do
    case $(status_of "$one") in
      '' | not-installed | config-files) ;;
      *) leaves="$leaves $one" ;;
    esac
  done
  [ -z "$leaves" ] || offline "$1" remove $leaves || dpkg --remove --force-remove-reinstreq $leaves >>"$log" 2>&1
  accounts_came
  purge_apt
  accounts_back "$1"
}

remove_apt() {
  undisturbed || why_packages || return 1
  brought=
  [ ! -s "$fetched/$package/brought" ] || brought=$(apt-mark showauto $(cat "$fetched/$package/brought") 2>/dev/null)
  removes=$package
  if is_there "$package"; then
    minus $brought
    log_would_remove || return 1
    offline "$package" remove "$package" $minus || why_packages || return 1
  fi
  purges=
  [ "$purge" = no ] || purges=$package
  purge_apt
}

log_would_remove() {
  would "$package" remove "$package" $minus || why_packages || return 1
  weigh
  [ -n "$leaving" ] || return 0
  minus=
  would "$package" remove "$package" || why_packages || return 1
  weigh
  [ -z "$leaving" ] || because would-remove "$package" $leaving
}
`;
