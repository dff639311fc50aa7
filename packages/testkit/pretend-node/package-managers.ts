/**
 * Stand-ins for package managers. A package is installed when /usr/local/state/packages has a file of its name; its time
 * daemon's unit comes and goes with it. /usr/local/state/fails holds what the next installation says before it fails half-way,
 * /usr/local/state/also what it would remove besides. A package brings the user in /usr/local/state/account, and leaves it behind.
 */
const common = `#!/bin/sh
state=/usr/local/state
mkdir -p $state/packages
unit() {
  case $1 in systemd-timesyncd | ntpsec) echo $1.service ;; *) echo chrony.service ;; esac
}
comes() {
  touch $state/packages/$1
  [ ! -e $state/account ] || getent passwd $(cat $state/account) >/dev/null || useradd -r $(cat $state/account)
  printf 'active\\nenabled\\n' >$state/units/$(unit $1)
}
goes() {
  rm -f $state/packages/$1 $state/units/$(unit $1)
}
`;

const aptGet = `${common}
echo "apt-get $*" >>$state/asked
simulate=
download=
verb=
archives=
names=
for word; do
  case $word in
    -s) simulate=yes ;;
    --download-only) download=yes ;;
    Dir::Cache::archives=*) archives=\${word#*=} ;;
    -*) ;;
    *::*) ;;
    update | install | remove | download) [ -z "$verb" ] && verb=$word || names="$names $word" ;;
    *) names="$names $word" ;;
  esac
done
case $verb in
  update)
    # A clock that is behind: the lists are from the future.
    case "$*" in
      *Acquire::Check-Date=false*) ;;
      *) [ ! -e $state/behind ] || { cat $state/behind; exit 100; } ;;
    esac
    touch $state/listed
    ;;
  download)
    for name in $names; do [ ! -e $state/gone ] || exit 100; touch \${name%=*}_1.0_all.deb; done
    ;;
  install | remove)
    if [ "$download" ]; then
      [ ! -e $state/mirror-says ] || { cat $state/mirror-says; exit 100; }
      touch $archives/$(echo $names | tr -d ' ')_1.0_all.deb $archives/libnew_1.0_all.deb
      exit 0
    fi
    coming=
    leaving=
    [ $verb = install ] || { set -- $names; leaving=$1; shift; names=$*; }
    for name in $names; do
      case $name in
        *-) leaving="$leaving \${name%-}" ;;
        *) coming=\${name##*/}; coming=\${coming%%_*} ;;
      esac
    done
    if [ "$simulate" ]; then
      for name in $leaving $(cat $state/also 2>/dev/null); do echo "Remv $name [1.0]"; done
      [ -z "$coming" ] || echo "Inst $coming (1.0)"
      [ "$coming" != chrony ] || [ -e $state/packages/libnew ] || echo 'Inst libnew (1.0)'
      exit 0
    fi
    for name in $leaving; do goes $name; done
    if [ -e $state/fails ] && [ "$coming" = chrony ]; then
      cat $state/fails
      exit 100
    fi
    [ -z "$coming" ] || comes $coming
    [ "$coming" != chrony ] || touch $state/packages/libnew
    ;;
esac
`;

const dpkgQuery = `${common}
for word; do name=$word; done
[ -e $state/packages/$name ] || exit 1
case $* in
  *Version*) echo 'installed 1.0' ;;
  *) echo installed ;;
esac
`;

const dpkg = `${common}
echo "dpkg $*" >>$state/asked
`;

const aptCache = `${common}
for word; do name=$word; done
if [ -e $state/listed ]; then candidate=1.0; else candidate='(none)'; fi
printf '%s:\\n  Installed: (none)\\n  Candidate: %s\\n' $name "$candidate"
`;

const aptMark = `#!/bin/sh
shift
for word; do echo $word; done
`;

const dnf = `${common}
echo "dnf $*" >>$state/asked
directory=
names=
for word; do
  case $word in
    --downloaddir=*) directory=\${word#*=} ;;
    -* | install) ;;
    *) names="$names $word" ;;
  esac
done
if [ "$directory" ]; then
  [ ! -e $state/mirror-says ] || { cat $state/mirror-says; exit 1; }
  for name in $names; do touch $directory/$name-1.0.rpm $directory/libnew-1.0.rpm; done
else
  for name in $names; do name=\${name##*/}; touch $state/packages/\${name%-1.0.rpm}; done
fi
`;

const rpm = `${common}
echo "rpm $*" >>$state/asked
for word; do last=$word; done
case $1 in
  -q) [ -e $state/packages/$last ] ;;
  -qp) last=\${last##*/}; echo \${last%-1.0.rpm} ;;
  -qc) echo /etc/chrony.conf ;;
  -e) shift; for name; do rm $state/packages/$name || exit 1; done ;;
esac
`;

export const debianPrograms: Readonly<Record<string, string>> = {
  'apt-get': aptGet,
  'dpkg-query': dpkgQuery,
  dpkg,
  'apt-cache': aptCache,
  'apt-mark': aptMark,
};

export const redHatPrograms: Readonly<Record<string, string>> = { dnf, rpm };
