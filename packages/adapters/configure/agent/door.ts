/**
 * The first thing that a login runs: it becomes root where that is wanted and allowed, and then is an empty shell that waits
 * for a script. The node's lines begin at the margin:
 *
 *     clockwarden-door 1
 *       root|auto|never|password PROMPT
 *     PROMPT root|sudo|password|none
 *
 * After `password` sudo asks with PROMPT on standard error; only then is the password written. It is in no argument, no
 * variable and no file. `sudo sh -s` is the whole command, so that a rule in sudoers can name it.
 */
export const doorScript = `door() {
  PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  LC_ALL=C
  LANGUAGE=C
  export PATH LC_ALL LANGUAGE
  echo 'clockwarden-door 1'
  read -r how prompt || exit 0
  if [ "$(id -u)" = 0 ]; then
    echo "$prompt root"
    return
  fi
  if [ "$how" != never ] && sudo -n sh -s </dev/null >/dev/null; then
    echo "$prompt sudo"
    exec sudo -n sh -s
  fi
  if [ "$how" = password ]; then
    echo "$prompt password"
    exec sudo -S -k -p "$prompt" sh -s
  fi
  echo "$prompt none"
}
door
`;
