#!/bin/sh
# An example of a bridge without a library, in a language that knows nothing of Marge: the load of this machine.
# It needs mosquitto_pub and mosquitto_sub (package mosquitto-clients). In configuration.yaml:
#
#   marge:
#     bridges:
#       load: {command: [sh, /path/to/bridge_load.sh]}

name=$MARGE_BRIDGE_NAME
base=marge/bridge/$name/sensor/one_minute
status=marge/integration/$name/status

# A file for the password: arguments can be seen by everybody on the machine.
umask 077
HOME=$PWD
export HOME
mkdir -p .config
printf '%s\n' "-h $MARGE_MQTT_HOST" "-p $MARGE_MQTT_PORT" "-u $MARGE_MQTT_USERNAME" "-P $MARGE_MQTT_PASSWORD" \
  > .config/mosquitto_pub
cp .config/mosquitto_pub .config/mosquitto_sub

# The last will belongs to a connection that stays: this one. When it ends, so do we, and Marge starts us again.
mosquitto_sub -q 1 -t homeassistant/status --will-topic "$status" --will-payload offline --will-qos 1 --will-retain &
sub=$!
trap 'mosquitto_pub -q 1 -r -t "$status" -m offline; kill $sub 2>/dev/null; exit 0' TERM INT

mosquitto_pub -q 1 -r -t "$base/config" -m "{
  \"name\": \"Load\", \"unique_id\": \"${name}_one_minute\", \"state_topic\": \"$base/state\",
  \"state_class\": \"measurement\", \"device\": {\"identifiers\": [\"$name\"], \"name\": \"This machine\"}
}" && mosquitto_pub -q 1 -r -t "$status" -m online || exit 1

while kill -0 $sub 2>/dev/null; do
  read -r load _ < /proc/loadavg
  mosquitto_pub -q 1 -r -t "$base/state" -m "$load" || exit 1
  sleep "${EVERY:-10}" &
  wait $!
done
exit 1
