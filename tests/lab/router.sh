# shellcheck shell=bash disable=SC2154
# tests/lab/router.sh: what may be the lab's router, for holder and receiver, which source it. They
# set $state, $lab_dir and $nodes and have a function fail.

# The programs that run in the background, by name.
declare -A programs=()

check_programs() {
	local name
	for name in "${!programs[@]}"; do
		kill -0 "${programs[$name]}" 2>/dev/null || fail "$name has ended"
	done
}

# await SECONDS WHAT COMMAND...: until COMMAND succeeds, looked at every 20 ms.
await() {
	echo "$EPOCHREALTIME $2" >&2
	local deadline=$((${EPOCHREALTIME/./} + $1 * 1000000)) what=$2
	shift 2
	until "$@" >/dev/null 2>&1; do
		check_programs
		[[ ${EPOCHREALTIME/./} -lt $deadline ]] || fail "waited in vain for $what"
		read -r -t 0.02 <>"$state/never" || true
	done
}

inside() {
	local node=$1
	shift
	nsenter --net="$nodes/$node" "$@"
}

# FRR wants to run as its own users, which an ordinary user cannot give it, and leaves files in /run
# and /var/tmp, as other routers do: so they get a mount namespace where its users' names mean id 0,
# which is whoever runs the lab, and where those folders are theirs, but for our state folder, which
# may lie in one.
in_router_world() {
	exec 4<"$state"
	mount -n --bind "$state/frr/passwd" /etc/passwd
	mount -n --bind "$state/frr/group" /etc/group
	mount -n -t tmpfs tmpfs /run
	mount -n -t tmpfs tmpfs /var/tmp
	mkdir -p "$state"
	mount -n --no-canonicalize --bind /proc/self/fd/4 "$state"
	exec 4<&-
	exec "$@"
}

# start_daemon NAME PROGRAM...: its id is in programs[NAME].
start_daemon() {
	local name=$1 program
	shift
	program="state=\$1; shift; $(declare -f in_router_world); in_router_world \"\$@\""
	(
		# meson's tests fill what is allocated, and igmpproxy reads what it has not written: it then
		# asks nobody.
		unset MALLOC_PERTURB_
		exec nsenter --net="$nodes/router" setsid unshare --mount bash -euc "$program" "$name" \
			"$state" "$@" </dev/null >>"$state/router.log" 2>&1 3>&-
	) &
	programs[$name]=$!
}

# start_frr_daemon NAME PROGRAM OPTION...
start_frr_daemon() {
	local name=$1 program=$2
	shift 2
	start_daemon "$name" "$program" --log "file:$state/frr.log" \
		--vty_socket "$state/frr" -P 0 -z "$state/frr/zserv.api" -i "$state/frr/${program##*/}.pid" "$@"
}

frr() {
	inside router vtysh --vty_socket "$state/frr" "${@/#/-c}"
}

# "Up" is not enough: pimd may not have the address yet, and its own pimreg is up as well.
has_interfaces() {
	local interfaces
	interfaces=$(frr 'show ip pim interface json') || return 1
	[[ $interfaces == *'"10.0.1.1"'* && $interfaces == *'"10.0.2.1"'* ]]
}

# Told again until it holds: pimd refuses an address that it has no path to yet, and vtysh exits 0 all the same.
is_rendezvous_point() {
	frr 'configure terminal' 'ip pim rp 10.0.1.1 239.0.0.0/8'
	grep -q '"iAmRP":true' <<<"$(frr 'show ip pim rp-info json')"
}

start_zebra() {
	mkdir -p "$state/frr"
	{ grep -v '^frr' /etc/passwd; echo 'frr:x:0:0::/:/usr/sbin/nologin'; } >"$state/frr/passwd"
	{ grep -v '^frr' /etc/group; printf '%s:x:0:\n' frr frrvty; } >"$state/frr/group"
	start_frr_daemon zebra /usr/lib/frr/zebra -f /dev/null
	# pimd tries again only after 10 s when it does not find zebra.
	await 10 "FRR's zebra" test -S "$state/frr/zserv.api"
}

# Whether it has been told of the head-end's packets.
is_routing() {
	grep -q '"239.1.1.1"' <<<"$(frr 'show ip mroute json')"
}

# start_frr VERSION PROGRAM LAST_MEMBER_MS
start_frr() {
	sed -e "s/igmp version 3/igmp version $1/" \
		-e "s/last-member-query-interval 1\$/last-member-query-interval $(($3 / 100))/" \
		"$lab_dir/frr.conf" >"$state/frr/frr.conf"
	start_frr_daemon "the router" "$2" -f "$state/frr/frr.conf"
	# The router is its own rendezvous point for the any-source groups, which it finds out only
	# when it knows its interfaces.
	await 10 "FRR's pimd to know its interfaces" has_interfaces
	await 10 "FRR's pimd to be the rendezvous point" is_rendezvous_point
}

# Two interfaces with an index of the kernel's multicast routing: the router has begun.
has_vifs() {
	(($(inside router grep -cE ' eth[01] ' /proc/net/ip_mr_vif) == 2))
}

# start_igmpproxy PROGRAM
start_igmpproxy() {
	cat >"$state/igmpproxy.conf" <<-END
		phyint eth0 upstream ratelimit 0 threshold 1
		phyint eth1 downstream ratelimit 0 threshold 1
		phyint lo disabled
	END
	chmod 600 "$state/igmpproxy.conf"
	start_daemon "the router" "$1" -n -v "$state/igmpproxy.conf"
	await 10 "igmpproxy to route" has_vifs
}

# start_pimd VERSION PROGRAM
start_pimd() {
	cat >"$state/pimd.conf" <<-END
		phyint eth0 enable
		phyint eth1 enable igmpv$1
		rp-address 10.0.1.1 239.0.0.0/8
		spt-threshold packets 0 interval 5
	END
	start_daemon "the router" "$2" --foreground --disable-vifs -c "$state/pimd.conf"
	await 10 "pimd to route" has_vifs
}

# start_forward PROGRAM
start_forward() {
	start_daemon "the router" "$1" "$(<"$state/channels")"
	await 10 "the kernel to route" has_vifs
}

# start_receiver NAME PROGRAM LAST_MEMBER_MS: its daemon, and FRR's last-member query interval; the
# others' is their own.
start_receiver() {
	case $1 in
	frr-v[23]) start_frr "${1#frr-v}" "$2" "$3" ;;
	forward) start_forward "$2" ;;
	igmpproxy) start_igmpproxy "$2" ;;
	pimd-v[23]) start_pimd "${1#pimd-v}" "$2" ;;
	esac
	echo "$1 ${programs[the router]}" >"$state/receiver"
}
