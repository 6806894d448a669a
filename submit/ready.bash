# Sourced by trainyard and cluster, after they set `here` to this folder: finds Java, builds once.
# shellcheck shell=bash
: "${here:?}"
root=$(dirname "$here")
jar=$here/target/trainyard.jar
spark=$here/target/spark

# Ends with an exit code of the product and one line: what is wrong, and the mend.
fail() {
  printf 'trainyard: %s\n' "$2" >&2
  exit "$1"
}

# Sets `java` and `java_feature` (17, 21 …).
find_java() {
  local said
  if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    [ -x "$java" ] ||
      fail 3 "JAVA_HOME is '$JAVA_HOME', which holds no bin/java: set it to a JDK 17, or unset it."
  else
    java=$(command -v java) ||
      fail 3 "Java is not installed: install a JDK 17 (Debian: apt install openjdk-17-jdk; macOS: brew install openjdk@17)."
  fi
  said=$("$java" -version 2>&1) ||
    fail 3 "'$java' does not start: install a JDK 17, and set JAVA_HOME to it."
  java_feature=$(printf '%s\n' "$said" | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
  [ "${java_feature:-0}" -ge 17 ] ||
    fail 3 "'$java' is Java ${java_feature:-of unknown version}, Trainyard needs 17: install a JDK 17, and set JAVA_HOME to it."
}

# Whether all is there; a jar that an interrupted build left lacks the mark at its end.
built() {
  [ -f "$spark/RELEASE" ] && [ "$(tail -c 22 "$jar" 2>/dev/null | head -c 4)" = $'PK\005\006' ]
}

# Builds the application jar and the folder of Spark if they are not there. Needs find_java.
build_once() {
  if built && [ "${TRAINYARD_BUILD:-}" != 1 ]; then
    warn_of_newer_sources
    return
  fi
  command -v mvn >/dev/null ||
    fail 3 "Maven is not installed, and Trainyard is not built yet: install Maven 3.8 or newer (Debian: apt install maven; macOS: brew install maven)."
  [ "$java_feature" = 17 ] ||
    fail 3 "Trainyard is built by Java 17, but '$java' is Java $java_feature: set JAVA_HOME to a JDK 17."
  [ -z "${JAVA_HOME:-}" ] || [ -x "$JAVA_HOME/bin/javac" ] ||
    fail 3 "JAVA_HOME is '$JAVA_HOME', a Java without compiler: install a JDK 17 (Debian: apt install openjdk-17-jdk)."
  local log=$here/target/build.log
  mkdir -p "$here/target"
  printf 'Building Trainyard once… (log: %s)\n' "$log" >&2
  if ! (cd "$root" && mvn -B -ntp -DskipTests -pl submit -am package) 2>&1 |
    tee "$log" | sed -n 's/^\[INFO\] Building Trainyard: \(.*\)/  \1/p' >&2; then
    grep '^\[ERROR\]' "$log" | head -n 12 >&2 || tail -n 12 "$log" >&2
    fail 1 "the build failed; its whole log is $log"
  fi
}

warn_of_newer_sources() {
  local newer
  newer=$(find "$root"/*/src/main "$root"/*/pom.xml "$root/pom.xml" -type f -newer "$jar" 2>/dev/null |
    head -n 1) || true
  [ -z "$newer" ] ||
    printf 'trainyard: %s is newer than the built jar; TRAINYARD_BUILD=1 builds anew.\n' "$newer" >&2
}
