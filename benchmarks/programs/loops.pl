# SPDX-License-Identifier: MIT
my ($sum, %count) = (0);
for (my $i = 0; $i < 1500000; $i++) { $sum += $i * 3; }
$count{$_ % 1000} .= "x" for 1 .. 200000;
print $sum, " ", scalar(keys %count), "\n";
