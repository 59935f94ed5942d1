"""Templates that try to take the server's time or memory, for tests and load tests. Pure."""

from __future__ import annotations

from marge.templating.budget import MAX_SOURCE

_DOUBLE = "{% set ns = namespace(x=START) %}{% for i in range(100) %}{% set ns.x = STEP %}{% endfor %}{{ ns.x }}"


def doubled(start, step):
    """A template that applies a step a hundred times."""
    return _DOUBLE.replace("START", start).replace("STEP", step)


TOO_BIG = [
    "{{ 'x' * 10**9 }}",
    "{{ 10**9 * 'x' }}",
    "{{ [1] * 10**9 }}",
    "{{ 10**(10**9) }}",
    "{{ '%1000000000d' % 5 }}",
    "{{ '%*d' % (1000000000, 5) }}",
    "{{ '%.1000000000f' % 5 }}",
    "{{ '%1000000000s' | format('x') }}",
    "{{ '{:1000000000}'.format(5) }}",
    "{{ '{:{w}}'.format(5, w=1000000000) }}",
    "{{ ('{0}' * 40000).format('x' * 100000) }}",
    "{{ 'x'.center(10**9) }}",
    "{{ 'x'.ljust(10**9) }}",
    "{{ 'x'.rjust(10**9) }}",
    "{{ 'x'.zfill(10**9) }}",
    "{{ '\\t'.expandtabs(10**9) }}",
    "{{ 'x' | center(10**9) }}",
    "{{ ('x' * 1000).replace('x', 'y' * 100000) }}",
    "{{ ('x' * 1000) | replace('x', 'y' * 100000) }}",
    "{{ ('x' * 30000) | regex_replace('x', 'y' * 1000) }}",
    "{{ 'x'.translate({120: 'y' * 1000000}) * 2 }}",
    "{{ 'a\\nb' | indent(10**9) }}",
    "{{ ('a ' * 10000) | wordwrap(1, true, 'z' * 10000) }}",
    "{{ [1] | batch(10**9, 'x') | list }}",
    "{{ [1] | slice(10**9) | list }}",
    "{{ lipsum(n=1000000) }}",
    "{{ (1).to_bytes(10**9, 'big') }}",
    "{{ pack(1, '1000000000s') }}",
    "{{ ('&' * 1000000) | forceescape }}",
    "{{ ('x-' * 100000) | slugify('y' * 1000) }}",
    "{{ range(100000) | map('string') | map('center', 100000) | join }}",
    "{{ 'x'.join(range(100000) | map('string') | map('center', 1000)) | length }}",
    "{{ ('<!--' * 100000) | striptags }}",
    "{{ 'x' | regex_match('(' * 5000) }}",
    "{% for i in range(100000) %}{{ 'x' * 1000 }}{% endfor %}",
    "{% for i in range(100000) %}0123456789{% endfor %}",
    "{% set x %}{% for i in range(100000) %}{{ 'x' * 1000 }}{% endfor %}{% endset %}{{ x | length }}",
    "{% macro m() %}{% for i in range(100000) %}0123456789{% endfor %}{% endmacro %}{{ m() | length }}",
    "{% filter upper %}{% for i in range(100000) %}0123456789{% endfor %}{% endfilter %}",
    doubled("'x'", "ns.x ~ ns.x"),
    doubled("'x'", "ns.x + ns.x"),
    doubled("'x'", "[ns.x, ns.x] | join"),
    doubled("'x'", "'%s%s' % (ns.x, ns.x)"),
    doubled("'x'", "'{0}{0}'.format(ns.x)"),
    doubled("'x'", "ns.x.replace('x', 'xx')"),
    doubled("[1]", "ns.x + ns.x"),
    doubled("[1]", "[ns.x, ns.x]"),
    doubled("[1]", "(ns.x, ns.x)"),
    doubled("[1]", "{'a': ns.x, 'b': ns.x}"),
    doubled("[1]", "dict(a=ns.x, b=ns.x)"),
    doubled("[1]", "namespace(a=ns.x, b=ns.x)"),
    doubled("[1]", "zip(ns.x, ns.x) | list"),
    doubled("10", "ns.x * ns.x"),
    "{% autoescape true %}" + doubled("'<'", "ns.x ~ ns.x") + "{% endautoescape %}",
]

TOO_LONG = [
    "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
    "{% for a in range(100000) recursive %}{% if loop.depth < 30 %}{{ loop(range(100000)) }}{% endif %}{% endfor %}",
    "{% macro m(n) %}{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}{% endmacro %}{{ m(100) }}",
    "{{ ([range(100000)] * 1000) | map('list') | map('sort') | map('length') | list }}",
    "{{ range(100000) | select('in', range(100000) | map('string') | list) | list }}",
    "{% for i in range(100000) %}{{ states | list | length }}{% endfor %}",
    "{% set l = range(100000) | list %}{% for i in range(100000) %}{{ l | shuffle | first }}{% endfor %}",
    "{% for s in states %}{% for t in states %}{% for u in states %}{% if s == t %}{% endif %}{% endfor %}{% endfor %}"
    "{% endfor %}",
]

REFUSED = [
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% for i in range(3) recursive %}{{ loop(range(3)) }}{% endfor %}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ('' | attr('__class__')).mro() }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ states.__class__.__init__.__globals__ }}",
    "{{ area_id.__globals__.x }}",
    "{{ lipsum.__globals__.os }}",
    "{{ '{0.__class__.__mro__}'.format('x') }}{{ 1 / 0 }}",
    "{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | regex_match('(a+)+$') }}",
    "{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' is match('(a|a)*$') }}",
    "{{ ('a' * 3000) | regex_search('a*a*a*a*a*b') }}",
    "{{ ['a' * 40 ~ '!'] | select('search', '(a|aa)+$') | list }}",
    "{{ " + "(" * 60000 + " }}",
    "{% if x %}" * 3000 + "{% endif %}" * 3000,
    "{{ a" + ".b" * 5000 + " }}",
    "{{ 1" + "|int" * 3000 + " }}",
    "{{ " + "not " * 3000 + "1 }}",
    "{{ x }}" * 18000,
    "{{ x }}" * MAX_SOURCE,
    "{#" * 50000,
]
