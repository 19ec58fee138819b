#!/usr/bin/env python3
"""Expressions that want too much must end by themselves, in an error, soon and in little memory.

    PAWL_BIN=.../pawl tests/jsonata/test_runaways.py [--milliseconds N] [--megabytes N] [--report]

Time is the process's own CPU time, from its start to its end, so that a busy machine does no harm; memory is its largest
resident set. The bounds are those of a release build; --report prints what each took.
"""
import argparse
import os
import resource
import subprocess
import sys
import tempfile
import unittest

DEEP = 10_000
RUNAWAYS = {  # name: (expression, input or None)
    "tail recursion": ("($f := function($x){$f($x)}; $f(1))", None),
    "tail recursion with a growing number": ("($f := function($x){$f($x + 1)}; $f(1))", None),
    "mutual tail recursion": ("($f := function($x){$g($x)}; $g := function($x){$f($x)}; $f(1))", None),
    "recursion": ("($f := function($x){1 + $f($x)}; $f(1))", None),
    "recursion through map": ("($f := function($x){$map([$x, $x], $f)}; $f(1))", None),
    "fixed point": ("($y := function($x){$x($x)}; $y($y))", None),
    "range of a thousand million": ("[1..1e9]", None),
    "range of ten million, walked": ("$sum([1..1e7].($ * 2))", None),
    "range of ten million, printed": ("[1..10000000]", None),
    "maps in maps over ranges": ("$map([1..10000], function($a){$map([1..10000], function($b){$map([1..10000], function($c){$c})})})", None),
    "ranges in ranges": ("[1..100000].[1..100000].[1..100000]", None),
    "ranges counted in ranges": ("[1..100000].$count([1..100000][$ > 5])", None),
    "text that doubles": ("($f := function($s){$f($s & $s)}; $f('abc'))", None),
    "list that doubles": ("($f := function($a){$f($append($a, $a))}; $f([1, 2]))", None),
    "object that doubles": ("($f := function($o, $n){$n = 0 ? $string($o) : $f({'a': $o, 'b': $o}, $n - 1)}; $f(1, 50))", None),
    "evil expression: nested quantifiers": ("$match('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /^(a+)+$/)", None),
    "evil expression: alternatives": ("$contains('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /^(a|a?)+$/)", None),
    "evil expression: backreferences": ("$contains($pad('', 3000, 'a') & '!', /^(a*)(a*)*(\\1|\\2)*!!/)", None),
    "evil expression at each place": ("$contains($pad('', 100000, 'a'), /[^x]*\\d/)", None),
    "evil expression at each place, with few steps": ("$contains($pad('', 1000000, 'a'), /[^x]{0,300}\\d/)", None),
    "evil expression, again and again": ("[1..100000].$contains($pad('', 1000, 'ab') & '!', /^(a|b|ab)*$/)", None),
    "parentheses nested deeply": ("(" * DEEP + "1" + ")" * DEEP, None),
    "arrays nested deeply": ("[" * DEEP + "]" * DEEP, None),
    "objects nested deeply": ('{"a":' * DEEP + "1" + "}" * DEEP, None),
    "minus signs": ("- " * DEEP + "1", None),
    "conditions nested deeply": ("a ? " * DEEP + "1" + " : 1" * DEEP, None),
    "functions nested deeply": ("function(){" * DEEP + "1" + "}" * DEEP, None),
    "a sum without end": ("1" + "+1" * 60_000, None),
    "?: copies its left side": ("(" * 40 + "a" + " ?: b)" * 40, None),
    "pad": ("$pad('x', 1000000000)", None),
    "pad again and again": ("[1..1000000].$pad('x', 1000000)", None),
    "join": ("$join([1..1000000].('0123456789012345678901234567890123456789'))", None),
    "join with a long separator": ("$join([1..100000].('x'), $pad('', 100000, '-'))", None),
    "replace with a long text": ("$replace($pad('', 1000000, 'a'), 'a', $pad('', 1000000, 'b'))", None),
    "replace by expression": ("$replace($pad('', 1000000, 'a'), /a/, $pad('', 1000, 'b'))", None),
    "replace by function": ("$replace($pad('', 1000000, 'a'), /a/, function($m){'b'})", None),
    "split at every byte": ("$split($pad('', 1000000, 'ab'), /b/)", None),
    "split into characters again and again": ("[1..10000].$split($pad('', 1000000, 'a'), '')", None),
    "sort with a slow order": ("$sort([1..100000], function($a, $b){$count([1..1000][$ > 5]) > $a})", None),
    "distinct": ("$distinct([1..100000].{'a': $})", None),
    "group into many": ("[1..1000000]{$string($): $}", None),
    "roman numerals": ("$formatInteger(1e12, 'I')", None),
    "words": ("[1..1000000].$formatInteger(1e300, 'w')", None),
    "number picture": ("[1..1000000].$formatNumber($, $pad('', 100000, '0'))", None),
    "eval of itself": ("($f := function($t){$eval($t)}; $t := '$f($t)'; $f($t))", None),
    "eval again and again": ("[1..100000].$eval('[1..1000].($ + 1)')", None),
    "zip": ("$zip([1..1000000], [1..1000000], [1..1000000], [1..1000000])", None),
    "cross product": ("($a := [1..3000]; $a@$x.$a@$y.$a@$z.($x + $y + $z))", None),
    "transform into itself": ("{'a': {'a': 1}} ~> |**|{'b': $$, 'c': [1..100000].{'d': 1}}|", None),
    "reduce into a text": ("$reduce([1..1000000], function($a, $b){$string($a) & $string($b)})", None),
    "closures": ("($f := function($g, $n){$n = 0 ? $g() : $f(function(){$g() + 1}, $n - 1)}; $f(function(){1}, 100000))", None),
    "recursion into data": ("($f := function($x){$x.a ? 1 + $f($x.a) + $f($x.a) : 0}; $f($))", '{"a":' * 500 + "1" + "}" * 500),
    "all descendants of all descendants": ("**.**.**.**", '{"a":' * 500 + "1" + "}" * 500),
    "data nested too deeply": ("$", "[" * DEEP + "]" * DEEP),
}


def end_in_any_case():
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))


def measured(binary, expression, data):
    """(exit status, stderr, CPU milliseconds, megabytes)"""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as errors:
        given.write((data or "").encode())
        given.seek(0)
        command = [binary, "jsonata", "--", expression] if data is None else [binary, "jsonata", "--input", "-", "--", expression]
        process = subprocess.Popen(command, stdin=given, stdout=subprocess.DEVNULL, stderr=errors, preexec_fn=end_in_any_case)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        return process.returncode, errors.read(2000).decode(errors="replace"), (usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss / 1024


class Runaways(unittest.TestCase):
    limits = None

    def test_end_in_an_error_soon_and_in_little_memory(self):
        for name, (expression, data) in RUNAWAYS.items():
            with self.subTest(name):
                status, error, milliseconds, megabytes = measured(os.environ["PAWL_BIN"], expression, data)
                if self.limits.report:
                    print(f"{milliseconds:6.0f} ms {megabytes:6.1f} MB  {name}: {error.strip()[:90]}", flush=True)
                self.assertIn(status, (1, 2) if name == "data nested too deeply" else (1,), error)
                self.assertRegex(error, r"^([STDU]\d{4} at position|[STDU]\d{4}:|pawl: -:\d+:\d+: not JSON: )")
                self.assertLessEqual(milliseconds, self.limits.milliseconds)
                self.assertLessEqual(megabytes, self.limits.megabytes)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--milliseconds", type=float, default=200)
    parser.add_argument("--megabytes", type=float, default=64)
    parser.add_argument("--report", action="store_true")
    Runaways.limits, rest = parser.parse_known_args()
    unittest.main(argv=sys.argv[:1] + rest)
