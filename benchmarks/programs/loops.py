# SPDX-License-Identifier: MIT
total = 0
words = {}
for i in range(1200000):
    total += i ^ (i >> 3)
for i in range(250000):
    words["k%d" % (i % 5000)] = words.get("k%d" % (i % 5000), 0) + i
print(total, sum(words.values()))
