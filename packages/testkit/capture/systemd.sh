# Runs systemd's own time programs where nothing of theirs can reach the machine: a mount namespace with private /run,
# /etc and /var/lib/systemd, a message bus of its own, no CAP_SYS_TIME (taken away by the caller).
# Arguments: private directory, NTP server, time zone, then files to be written there by timedatectl.
set -u
private=$1 server=$2 zone=$3
chmod 0755 "$private"
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /run/systemd/timesync "$private/etc" "$private/lib/timesync" "$private/none"
cp -a /etc/. "$private/etc/"
mount --bind "$private/etc" /etc
mount --bind "$private/lib" /var/lib/systemd
# Without a service manager on the bus timedated cannot look at units; with no units to look at it says "n/a".
mount --bind "$private/none" /usr/lib/systemd/ntp-units.d
chown nobody:nogroup /run/systemd/timesync /var/lib/systemd/timesync
printf '[Time]\nNTP=%s\nFallbackNTP=\n' "$server" > /etc/systemd/timesyncd.conf
ln -sfn "/usr/share/zoneinfo/$zone" /etc/localtime
cat > "$private/bus.conf" <<END
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=$private/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
<allow user="*"/></policy></busconfig>
END
export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$private/bus" LC_ALL=C
dbus-daemon --config-file="$private/bus.conf" --nofork & bus=$!
trap 'kill $bus $dated $syncd' EXIT
until [ -S "$private/bus" ]; do sleep 0.1; done
/lib/systemd/systemd-timedated & dated=$!
setpriv --reuid nobody --regid nogroup --clear-groups /lib/systemd/systemd-timesyncd & syncd=$!
tries=50
until timedatectl show-timesync 2>/dev/null | grep -q PacketCount= || [ $tries = 0 ]; do
  sleep 0.1
  tries=$((tries - 1))
done
timedatectl > "$private/timedatectl.txt"
timedatectl show > "$private/timedatectl-show.txt"
timedatectl show-timesync > "$private/timedatectl-show-timesync.txt"
timedatectl timesync-status > "$private/timedatectl-timesync-status.txt"
