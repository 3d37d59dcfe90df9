create table t(a integer, b text, c integer);
with recursive n(x) as (select 1 union all select x + 1 from n where x < 100000)
insert into t select x, 'row' || (x * 7919 % 10007), x % 97 from n;
create index t_b on t(b);
select count(*), sum(a), max(b) from t where c < 50;
select c, count(*) from t group by c order by 2 desc, 1 limit 5;
select count(*) from t x join t y on x.b = y.b where x.c = 3;
