/** sh: dnf and yum over rpm. Nothing excludes anything there: to install is to add. */
export const rpmPackages = `
dnf_or_yum() {
  if has dnf; then
    within 800 dnf -q -y "$@" >"$log" 2>&1
  else
    within 800 yum -q -y "$@" >"$log" 2>&1
  fi
}

has_rpm() {
  rpm -q "$1" >/dev/null 2>&1
}

rpms_of() {
  rpms=
  for one in $(ls "$fetched/$1" 2>/dev/null | grep '\\.rpm$'); do
    rpms="$rpms $fetched/$1/$one"
  done
  [ -n "$rpms" ]
}

# fetch_rpm PACKAGE: with what it needs. One that is installed stays: nothing here removes it.
fetch_rpm() {
  if has_rpm "$1"; then return; fi
  rpms_of "$1" && [ -f "$fetched/$1/whole" ] && return
  forget_fetched "$1"
  out=$(mkdir -p "$fetched/$1" 2>&1) || why_not "$fetched" "$out" || return 1
  # yum of el7 ends with 1 after a download that went well.
  dnf_or_yum --downloadonly --downloaddir="$fetched/$1" --setopt=install_weak_deps=False install "$1"
  if ! rpms_of "$1"; then
    if grep -qiE 'no match|find a match|no package|nothing to do' "$log"; then
      because no-package "$1"
    else
      why_packages
    fi
    return 1
  fi
  : >"$fetched/$1/whole"
}

# status_rpm PACKAGE
status_rpm() {
  if has_rpm "$1"; then echo installed; else echo; fi
}

install_rpm() {
  if has_rpm "$package"; then return; fi
  rpms_of "$package" || because not-fetched "$package" || return 1
  for one in $rpms; do
    name=$(rpm -qp --qf '%{NAME}\\n' "$one" 2>/dev/null)
    has_rpm "$name" || [ "$name" = "$package" ] || echo "$name"
  done >"$fetched/$package/brought"
  dnf_or_yum --disablerepo='*' install $rpms || why_packages
}

purge_rpm() {
  :
}

put_back_rpm() {
  units_back
}

remove_rpm() {
  brought=$(cat "$fetched/$package/brought" 2>/dev/null)
  has_rpm "$package" || return 0
  configuration=$(rpm -qc "$package" 2>/dev/null)
  rpm -e "$package" $brought >"$log" 2>&1 || rpm -e "$package" >"$log" 2>&1 || why_packages || return 1
  [ "$purge" = yes ] || return 0
  for one in $configuration; do
    rm -f -- "$one" "$one.rpmsave"
  done
}
`;
