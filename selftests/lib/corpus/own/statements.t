# SPDX-License-Identifier: GPL-2.0-only
# Rules of our own, in the notation of nftables' tests/py (see ../rules.py): what stands around the word
# sysrq elsewhere, and the word itself where it is none of ours.
:input;type filter hook input priority 0
:ingress;type filter hook ingress device lo priority 0

*inet;sysrq;input,sysrq
*ip;box;input
*netdev;edge;ingress

!sysrq type ipv4_addr;ok
!ports type inet_service;ok
?sysrq 192.0.2.1, 192.0.2.2;ok
?ports 9, 10;ok
?ports 192.0.2.9;fail
%sysrqhits type counter;ok
%share type quota over 3 mbytes;ok

accept;ok
counter packets 3 bytes 4 accept comment "sysrq";ok
udp dport 9 counter log prefix "sysrq" level debug drop;ok
udp dport 9 log prefix "sysrq:0011223344556677:-:ops" accept;ok
log prefix "log prefix sysrq" group 3 snaplen 20 queue-threshold 5;ok
log prefix "two words" flags all;ok
log prefix "a" nope drop;fail
udp dport { 9, 10-20, 4000 } limit rate 4/second burst 6 packets accept;ok
udp dport vmap { 9 : accept, 10 : drop };ok
udp dport @ports return;ok
udp dport @sysrq return;fail
ip saddr @sysrq counter name "sysrqhits" drop;ok
ip saddr @nosuch drop;fail
ip saddr 192.0.2.0/24 tcp dport 22 ct state new,established accept;ok
ip saddr . udp dport { 192.0.2.1 . 9, 192.0.2.2 . 10 } accept;ok
ip saddr 192.0.2.1 ip daddr 198.51.100.1 meta mark set 0x17 accept;ok
ip saddr != 192.0.2.3-192.0.2.9 quota name "share" drop;ok
ip saddr 192.0.2.300 drop;fail
ip6 saddr 2001:db8::/32 drop;ok
ip6 saddr ::1 udp dport 9 accept;ok
iifname "sysrq" drop;ok
iifname "sysrq*" drop;ok
iifname sysrq drop;ok
iifname { "sysrq", "lo" } accept;ok
oifname "sysrq" drop;ok
meta l4proto { tcp, udp, icmp } accept;ok
meta mark and 0xff == 0x10 accept;ok
meta nosuch 3;fail
ct state vmap { established : accept, invalid : drop };ok
ct mark set meta mark;ok
icmp type echo-request limit rate over 1/second drop;ok
icmp type { echo-request, echo-reply } accept;ok
icmpv6 type nd-neighbor-solicit accept;ok
tcp flags & (syn | ack) == syn accept;ok
tcp flags syn tcp option maxseg size set 1400;ok
reject with icmpx type port-unreachable;ok
reject with tcp reset;ok
jump sysrq;ok
goto nosuch;fail
update @sysrq { ip saddr };fail
notrack;ok
numgen inc mod 3 vmap { 0 : accept, 1 : drop, 2 : continue };ok
fib saddr type local drop;ok
@th,16,16 9 drop;ok
udp dport 9 udp dport;fail
udp dport 65536 drop;fail
drop accept;fail
