"""Tests of the rules the code is built by; a package so that file names may repeat."""
