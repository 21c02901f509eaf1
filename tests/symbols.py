"""symbols.py RULES: check who calls whom, as the objects' symbols say.

Standard input is what `nm -gA` prints for all objects; RULES is a file:

    folder NAME: FOLDERS     the objects in NAME may call those in FOLDERS;
    folder NAME: + FOLDERS   and in these
    public NAMES             names of lib/ that other folders may use (glob)
    only NAMES: OBJECTS      no other object in cmd/ may use these names (glob)
    may OBJECTS              more objects for the last of these rules
    known cycle OBJECTS      a fault that is not repaired yet; any part of it
    known call FROM TO       the same, of an object and a folder
    known twice NAME

Each fault is a line: cycle, call, folder, private, twice or only.  A known
fault that is no longer there is reported on standard error.
"""
import fnmatch
import os
import sys


def read_rules(path):
    rules = {"folder": {}, "public": [], "only": [], "cycle": [], "call": [],
             "twice": []}
    for line in open(path):
        words = line.split("#")[0].replace(":", " : ").split()
        if not words:
            continue
        if words[0] == "known":
            rules[words[1]].append(words[2:])
        elif words[0] == "public":
            rules["public"] += words[1:]
        elif words[0] == "may":
            rules["only"][-1][1].extend(words[1:])
        elif words[0] == "folder":
            more = words[4:] if words[3:4] == ["+"] else words[3:]
            rules["folder"].setdefault(words[1], set()).update(more)
        else:
            cut = words.index(":")
            rules["only"].append((words[1:cut], words[cut + 1:]))
    return rules


def read_symbols(lines):
    """What each object defines and uses.  Weak names, as of C++ templates, and
    main may be defined often."""
    defined, used = {}, {}
    for line in lines:
        path, _, rest = line.rstrip().rpartition(":")
        kind, name = rest.split()[-2:]
        if kind == "U":
            used.setdefault(path[:-2], set()).add(name)
        elif kind in "TDBRC" and name != "main" and name[:2] != "__":
            defined.setdefault(name, []).append(path[:-2])
    return defined, used


def calls_of(defined, used):
    """Pairs of objects, with a name that the first one uses.  If an object
    redefines a name of the C library, its use is not a call to that object."""
    calls = {}
    for user, names in used.items():
        for name in names:
            owners = defined.get(name, [])
            if len(owners) == 1 and owners[0] != user and \
                    not name.startswith("pthread_"):
                calls.setdefault((user, owners[0]), name)
    return calls


def cycles(calls):
    """Sets of objects that all reach each other (Tarjan)."""
    graph = {}
    for user, owner in calls:
        graph.setdefault(user, []).append(owner)
    number, low, stack, found = {}, {}, [], []

    def visit(node):
        number[node] = low[node] = len(number)
        stack.append(node)
        for other in graph.get(node, ()):
            if other not in number:
                visit(other)
            if other in stack:
                low[node] = min(low[node], low[other])
        if low[node] == number[node]:
            group = set(stack[stack.index(node):])
            del stack[stack.index(node):]
            if len(group) > 1:
                found.append(group)

    for node in sorted(graph):
        if node not in number:
            visit(node)
    return found


def layer(path):
    return path.split("/")[0]


def matches(name, patterns):
    return any(fnmatch.fnmatchcase(name, p) for p in patterns)


def main():
    rules = read_rules(sys.argv[1])
    defined, used = read_symbols(sys.stdin)
    calls = calls_of(defined, used)
    met = []

    def fault(kind, text, known):
        if known in rules[kind]:
            met.append(known)
        else:
            print(kind, text)

    for group in cycles(calls):
        known = next((k for k in rules["cycle"] if group <= set(k)), None)
        fault("cycle", " ".join(sorted(group)), known)
    folders = {os.path.dirname(o) for o in used}
    for name in sorted(folders - set(rules["folder"])):
        print("folder", name, "is not in the table")
    for (user, owner), name in sorted(calls.items()):
        source, target = os.path.dirname(user), os.path.dirname(owner)
        if layer(source) != "lib" and layer(target) == "lib":
            continue
        if source != target and target not in rules["folder"].get(source, ()):
            fault("call", f"{user} {owner} ({name})", [user, target])
    for user, names in sorted(used.items()):
        for name in sorted(names):
            owners = [o for o in defined.get(name, ()) if layer(o) == "lib"]
            if layer(user) == "lib" or not owners:
                continue
            if not matches(name, rules["public"]):
                print("private", user, owners[0], name)
            for patterns, objects in rules["only"]:
                if matches(name, patterns) and user not in objects:
                    print("only", user, name)
    for name, owners in sorted(defined.items()):
        if len(owners) > 1:
            fault("twice", name + " " + " ".join(sorted(owners)), [name])
    for kind in ("cycle", "call", "twice"):
        for known in rules[kind]:
            if known not in met:
                print("# no longer there: known", kind, *known,
                      file=sys.stderr)


main()
