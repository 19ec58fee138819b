#!/bin/sh
# A program that is no runtime: says something and ends.
echo "no runtime here"
exit 3
