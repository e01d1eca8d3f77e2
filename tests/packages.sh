# shellcheck shell=bash
# tests/packages.sh: the Debian packages that ./check and ./demo need; both source it.

packages=(
	# to build
	gcc clang libclang-rt-14-dev llvm meson ninja-build pkgconf scdoc
	libarchive-dev libbitstream-dev libcmocka-dev libcurl4-openssl-dev libdrm-dev libevdev-dev
	libexpat1-dev libgdk-pixbuf-2.0-dev libglib2.0-dev libgstreamer-plugins-base1.0-dev libgstreamer1.0-dev
	libjansson-dev libmnl-dev libpango1.0-dev libsqlite3-dev libuv1-dev libwayland-dev
	libxcb-xfixes0-dev libxcb-xkb-dev libxcb-xtest0-dev libxcb1-dev libxkbcommon-dev wayland-protocols x11proto-dev
	zlib1g-dev
	# to play
	fonts-dejavu-core fonts-droid-fallback gstreamer1.0-libav gstreamer1.0-plugins-bad gstreamer1.0-plugins-base
	gstreamer1.0-plugins-good gstreamer1.0-x
	# the lab
	ethtool frr gstreamer1.0-plugins-ugly gstreamer1.0-tools iproute2 procps python3 util-linux
	# the tests
	chromium python3-jsonschema tcpdump weston xvfb
)

# Sets $missing to the packages that are not installed.
find_missing() {
	local installed package
	missing=()
	installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${packages[@]}" \
		2>/dev/null || true)
	for package in "${packages[@]}"; do
		grep -qx "$package installed" <<<"$installed" || missing+=("$package")
	done
}

# apt as root, by itself or through sudo; only where there is neither does it ask the user for it.
apt_get() {
	if ((EUID == 0)); then
		env DEBIAN_FRONTEND=noninteractive apt-get -q "$@"
	else
		sudo env DEBIAN_FRONTEND=noninteractive apt-get -q "$@"
	fi
}

# Installs what is missing, with a log in the file $1; where it cannot, prints what has to be done
# and ends the program.
ensure_packages() {
	if ! command -v dpkg-query >/dev/null; then
		echo "This is no Debian: what is used here is called ${packages[*]} there." >&2
		return
	fi
	find_missing
	((${#missing[@]})) || return 0
	local command="apt-get install --no-install-recommends ${missing[*]}"
	if ((EUID)) && ! may_sudo; then
		echo "Packages are missing; as root: $command" >&2
		exit 1
	fi
	echo "installing ${missing[*]}"
	if ! { apt_get update && apt_get install -y --no-install-recommends "${missing[@]}"; } \
		</dev/null >"$1" 2>&1; then
		tail -n 15 "$1" >&2
		echo "Packages could not be installed, see $1. As root: $command" >&2
		exit 1
	fi
}

# Routers that system_interop tries, and the tests of each. Installed they would route multicast on
# this machine from now on, and pimd would throw FRR out: so they are only unpacked.
declare -A receivers=(
	[igmpproxy]=igmpproxy_forgets_after_asking_in_either_version
	[pimd]=pimd_in_version_3_forgets_after_asking
)

# unpack_receiver NAME FOLDER: Debian's package into FOLDER.
unpack_receiver() {
	local download=$2/download
	mkdir -p "$download"
	(cd "$download" && apt-get -q download "$1") || return
	dpkg-deb -x "$download/$1"_*.deb "$2"
	rm -r "$download"
}

# Unpacks what is missing into the folder $1, with a log in the file $2. What cannot be had is
# allowed to be skipped: prints a line each for it, as in tests/skips.allowed.
fetch_receivers() {
	local name
	for name in "${!receivers[@]}"; do
		[[ ! -x $1/usr/sbin/$name && ! -x /usr/sbin/$name ]] || continue
		# The list of packages may be an old one.
		unpack_receiver "$name" "$1" || { apt_get update && unpack_receiver "$name" "$1"; } ||
			echo "${receivers[$name]}: Debian's package $name cannot be had" >&3
	done </dev/null 3>&1 >>"$2" 2>&1
}
