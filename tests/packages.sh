# shellcheck shell=bash
# tests/packages.sh: the Debian packages that ./check and ./demo need; both source it.

packages=(
	# to build
	gcc clang libclang-rt-14-dev llvm meson ninja-build pkgconf scdoc
	libbitstream-dev libcmocka-dev libglib2.0-dev libgstreamer-plugins-base1.0-dev libgstreamer1.0-dev
	libjansson-dev libmnl-dev libpango1.0-dev libsqlite3-dev libuv1-dev libwayland-dev libxcb1-dev
	libxcb-xtest0-dev wayland-protocols x11proto-dev
	# to play
	fonts-dejavu-core fonts-droid-fallback gstreamer1.0-libav gstreamer1.0-plugins-bad gstreamer1.0-plugins-base
	gstreamer1.0-plugins-good gstreamer1.0-x
	# the lab
	ethtool frr gstreamer1.0-plugins-ugly iproute2 procps python3 util-linux
	# the tests
	tcpdump weston xvfb
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
