# What R says about everything in package stats, one line per figure:
# name, tab, numbers at full precision. The test compares; SIPAS_GOLDEN=1 go
# test ./internal/stats writes golden.txt anew. sample.csv is synthetic, drawn
# once. Run in this folder: Rscript golden.R
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "fail")
say <- function(name, ...) cat(name, "\t", paste(sprintf("%.17g", as.numeric(c(...))), collapse = " "), "\n", sep = "")

# --- one share, two shares -------------------------------------------------
x <- c(81, 15, 0, 1, 10, 50, 3548, 999999)
n <- c(263, 148, 20, 29, 10, 100, 4012, 1000000)
wilson <- function(x, n) suppressWarnings(100 * as.numeric(prop.test(x, n, correct = FALSE)$conf.int))
say("wilson", mapply(wilson, x, n))
say("wilson-deff", mapply(function(x, n, deff) wilson(x / deff, n / deff), x, n, c(1.7, 2, 1.3, 4, 0.8, 2.25, 3.1, 11)))

from <- list(x = c(56, 9, 6, 5, 50, 3300, 812, 20, 0), n = c(80, 10, 7, 56, 100, 4012, 1000, 20, 30))
to <- list(x = c(48, 3, 2, 1, 50, 3548, 813, 15, 4), n = c(70, 10, 7, 29, 90, 4090, 990, 20, 31))
newcombe <- function(xa, na, xb, nb) {
  a <- 100 * xa / na; b <- 100 * xb / nb; la <- wilson(xa, na); lb <- wilson(xb, nb)
  c(a - b - sqrt((a - la[1])^2 + (lb[2] - b)^2), a - b + sqrt((la[2] - a)^2 + (b - lb[1])^2))
}
say("difference", mapply(newcombe, from$x, from$n, to$x, to$n))
tests <- suppressWarnings(mapply(function(xa, na, xb, nb) {
  t <- prop.test(c(xa, xb), c(na, nb), correct = FALSE)
  d <- 100 * (xb / nb - xa / na)
  c(d, sign(d) * sqrt(as.numeric(t$statistic)), t$p.value)
}, from$x, from$n, to$x, to$n))
say("change-proportion", tests)
say("benjamini-hochberg", p.adjust(tests[3, ], method = "BH"))
p <- c(0.01, 0.9, NA, 0.04, 0.03, 0.02, 0.04, NA, 1e-8, 1)
say("benjamini-hochberg-missing", p.adjust(p, method = "BH")[!is.na(p)])
welch <- t.test(c(4, 5, 3, 4, 5, 5, 2, 4), c(3, 3, 4, 2, 5, 1, 2, 3, 3, 3, 2))
say("change-mean", -diff(rev(welch$estimate)), welch$stderr, -welch$statistic, welch$parameter, welch$p.value)
say("change-mean-normal", 1.3, sqrt(0.4^2 + 0.3^2), 1.3 / 0.5, 2 * pnorm(-1.3 / 0.5))

# --- sample sizes ----------------------------------------------------------
N <- c(200, 1000, 5000, 10000, 30000, 100000)
say("slovin", ceiling(N / (1 + N * 0.05^2)))
z <- qnorm(0.975)
margin <- function(n, N, p, deff) z * sqrt(deff * p * (100 - p) / n * ifelse(is.finite(N), (N - n) / (N - 1), 1))
sizes <- data.frame(N = c(200, 5000, Inf, 1e6, 800), p = c(50, 50, 50, 85, 90), deff = c(1, 1.5, 2, 1, 1), e = c(5, 3, 1, 2, 2.5))
# By search and not by the formula: the smallest n that is precise enough.
say("sample-size", apply(sizes, 1, function(r) {
  root <- uniroot(function(n) margin(n, r["N"], r["p"], r["deff"]) - r["e"], c(1, if (is.finite(r["N"])) r["N"] else 1e9), tol = 1e-10)$root
  ceiling(root)
}))
# The margin of a simple random sample as survey has it, n/(n-1) apart.
say("margin", mapply(function(n, N, x) {
  d <- svydesign(ids = ~1, fpc = rep(N, n), data = data.frame(y = rep(c(100, 0), c(x, n - x))))
  z * as.numeric(SE(svymean(~y, d))) * sqrt((n - 1) / n * N / (N - 1))
}, c(50, 400, 120), c(200, 5000, 121), c(25, 340, 60)))

# --- designs ---------------------------------------------------------------
s <- read.csv("sample.csv")
for (i in c("a", "b", "c", "d", "e")) {
  s[[paste0(i, "y")]] <- ifelse(s[[i]] >= 4, 100, 0)
  s[[paste0(i, "n")]] <- ifelse(is.na(s[[i]]), 0, 1)
  s[[paste0(i, "z")]] <- ifelse(is.na(s[[i]]), 0, s[[paste0(i, "y")]])
}
s$wy <- ifelse(s$gender == 2, s$overall, NA)
designs <- list(
  rows = svydesign(ids = ~1, weights = ~weight, data = s),
  strata = svydesign(ids = ~1, strata = ~stratum, weights = ~weight, data = s),
  clusters = svydesign(ids = ~psu, weights = ~weight, data = s),
  stratified = svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = s),
  finite = svydesign(ids = ~psu, strata = ~stratum, fpc = ~npsu, weights = ~weight, data = s),
  stages = svydesign(ids = ~ psu + village + seq_len(nrow(s)), strata = ~ stratum + psu + interaction(psu, village),
                     fpc = ~ npsu + nvillage + nperson, weights = ~weight, data = s, nest = TRUE))
options(survey.lonely.psu = "certainty")
designs$certain <- svydesign(ids = ~psu, strata = ~lonely, fpc = ~npsu, weights = ~weight, data = s)
designs$adjusts <- designs$certain
designs$post <- postStratify(designs$stratified, ~ gender + age, data.frame(
  gender = c(1, 2, 1, 2, 1, 2), age = c(1, 1, 2, 2, 3, 3), Freq = c(21000, 20000, 17000, 19000, 14000, 16500)))
raked <- function(design, epsilon, maxit) rake(design, list(~gender, ~age, ~unit), list(
  data.frame(gender = 1:2, Freq = c(52000, 55500)),
  data.frame(age = 1:3, Freq = c(41000, 36000, 30500)),
  data.frame(unit = 1:8, Freq = c(9000, 14000, 15000, 13000, 12500, 16000, 13500, 14500))), list(maxit = maxit, epsilon = epsilon))
designs$raked <- raked(designs$stratified, 1e-16, 60)
say("weights-post", weights(designs$post))
say("weights-raked", weights(designs$raked))

estimate <- function(v, design) c(v, SE(v), degf(design), deff(v))
for (name in names(designs)) {
  d <- designs[[name]]
  options(survey.lonely.psu = if (name == "adjusts") "adjust" else "certainty")
  whole <- svymean(~overall, d, deff = "replace")
  say(paste0("mean-", name), estimate(whole, d), confint(whole, df = degf(d)))
  part <- svymean(~ay, d, na.rm = TRUE, deff = "replace")
  answered <- subset(d, !is.na(a))
  say(paste0("answered-", name), estimate(part, answered))
  women <- svymean(~wy, d, na.rm = TRUE, deff = "replace")
  say(paste0("women-", name), estimate(women, subset(d, gender == 2)), confint(women, df = degf(subset(d, gender == 2))))
  some <- subset(d, an + bn + cn > 0)
  r <- svyratio(~ I(az + bz + cz), ~ I(an + bn + cn), some)
  u <- (some$variables$az + some$variables$bz + some$variables$cz - as.numeric(coef(r)) * with(some$variables, an + bn + cn))
  u <- svytotal(u / sum(weights(some) * with(some$variables, an + bn + cn)), some, deff = "replace")
  say(paste0("ratio-", name), coef(r), SE(r), degf(some), deff(u))
  any <- subset(d, an + bn + cn + dn + en > 0)
  totals <- svytotal(~ az + bz + cz + dz + ez + an + bn + cn + dn + en, any)
  index <- svycontrast(totals, quote((az / an + bz / bn + cz / cn + dz / dn + ez / en) / 5))
  uneven <- svycontrast(totals, quote(0.5 * az / an + 0.2 * bz / bn + 0.3 * ez / en))
  say(paste0("index-", name), coef(index), SE(index), degf(any), coef(uneven), SE(uneven))
  wilson.n <- function(v, design) {
    p <- as.numeric(v) / 100
    n <- p * (1 - p) / as.numeric(SE(v) / 100)^2 * (qt(0.025, nrow(design) - 1) / qt(0.025, degf(design)))^2
    wilson(p * n, n)
  }
  # The number of rows of a calibrated design is that of the whole.
  if (!(name %in% c("post", "raked"))) say(paste0("wilson-", name), wilson.n(part, answered))
}

# --- units with weights of their population --------------------------------
N <- c(9000, 14000, 150, 13000, 12500, 16000, 13500, 14500)
s$N <- N[s$unit]
s$w <- s$N / as.numeric(table(s$unit))[s$unit]
say("weights-units", s$w)
s$oy <- ifelse(s$overall >= 4, 100, 0)
units <- svydesign(ids = ~1, strata = ~unit, weights = ~w, data = s)
m <- svymean(~oy, units, deff = "replace")
say("stratified", estimate(m, units))
units <- svydesign(ids = ~1, strata = ~unit, fpc = ~N, weights = ~w, data = s)
m <- svymean(~oy, units, deff = "replace")
say("stratified-whole", estimate(m, units))

# --- reliability and drivers -----------------------------------------------
items <- as.matrix(na.omit(s[, c("a", "b", "c", "d", "e")]))
S <- cov(items)
say("covariances", S)
say("correlations", cor(items))
say("alpha", ncol(items) / (ncol(items) - 1) * (1 - sum(diag(S)) / var(rowSums(items))))
# Johnson's weights by his own road, from the responses: the closest orthonormal
# likeness Z of X is PQ' of its singular value decomposition; regress y and X on Z.
johnson <- function(m) {
  x <- scale(m[, 1:5]); y <- scale(m[, 6]); u <- svd(x)
  z <- u$u %*% t(u$v)
  b <- as.numeric(crossprod(z, y)) / sqrt(nrow(m) - 1)
  l <- crossprod(x, z) / sqrt(nrow(m) - 1)
  raw <- as.numeric((l^2) %*% (b^2))
  c(sum(raw), raw, 100 * raw / sum(raw))
}
both <- as.matrix(na.omit(s[, c("a", "b", "c", "d", "e", "overall")]))
say("drivers", johnson(both), kappa(cor(both[, 1:5]), exact = TRUE))
say("drivers-r2", summary(lm(overall ~ a + b + c + d + e, data.frame(both)))$r.squared)
say("quantile", quantile(c(3, 1, 4, 1, 5, 9, 2, 6), c(0, 0.025, 0.3, 0.5, 0.975, 1)))

# --- what is drawn: other draws here than there, so compared loosely ---------
set.seed(1)
resampled <- replicate(4000, johnson(both[sample(nrow(both), replace = TRUE), ]))
say("drawn-resampled", apply(resampled, 1, quantile, c(0.025, 0.975)))
from.r <- function(r) {
  e <- eigen(r[1:5, 1:5]); l <- e$vectors %*% diag(sqrt(e$values)) %*% t(e$vectors)
  raw <- as.numeric(l^2 %*% solve(l, r[1:5, 6])^2)
  c(sum(raw), raw, 100 * raw / sum(raw))
}
drawn <- rWishart(4000, nrow(both) - 1, cor(both))
say("drawn-wishart", apply(apply(drawn, 3, function(w) from.r(cov2cor(w))), 1, quantile, c(0.025, 0.975)))
# Clusters: of the m of a stratum m - 1 are drawn, survey's subbootstrap (its own
# takes minutes).
whole <- s[stats::complete.cases(s[, c("a", "b", "c", "d", "e", "overall")]), ]
strata <- split(sort(unique(s$psu)), tapply(s$stratum, s$psu, unique))
clustered <- replicate(4000, {
  times <- numeric(max(s$psu))
  for (of in strata) times[of] <- tabulate(sample(length(of), length(of) - 1, replace = TRUE), length(of)) * length(of) / (length(of) - 1)
  from.r(cov.wt(both, times[whole$psu], cor = TRUE)$cor)
})
say("drawn-clusters", apply(clustered, 1, quantile, c(0.025, 0.975)))
value <- c(83.0, 83.4, 90.6, 75.0, 82.1, 82.9, 88.9, 83.1, 79.0, 90.3, 83.4, 81.0)
se <- c(1, 0.5, 2, 1.5, 0.8, 0.1, 3, 1, 1, 0.7, 2.5, 0.4)
draws <- matrix(rnorm(20000 * length(value), value, se), length(value))
places <- apply(-draws, 2, rank)
say("drawn-ranks", apply(places, 1, quantile, c(0.025, 0.975), type = 1))
# The mean rank needs no draws: 1 + the chance of each other to be ahead.
ahead <- outer(seq_along(value), seq_along(value), function(i, j) pnorm((value[j] - value[i]) / sqrt(se[i]^2 + se[j]^2)))
diag(ahead) <- 0
say("mean-rank", 1 + rowSums(ahead))

# --- two figures over units ------------------------------------------------
bx <- c(86.91, 83.11, 82.35, 79.91, 90.61, 90.29, 90.23, 88.90, 83.84, 83.57, 83.38, 83.12, 81.78, 78.44)
by <- c(12.5, 11.9, 12.5, 10.4, 14.1, 13.3, 12.9, 13.9, 12.0, 11.4, 12.5, 11.8, 12.2, 10.9)
pearson <- function(x, y) { t <- cor.test(x, y); c(t$estimate, t$conf.int) }
spearman <- function(x, y) {
  r <- cor(x, y, method = "spearman")
  c(r, tanh(atanh(r) + c(-1, 1) * z * sqrt((1 + r^2 / 2) / (length(x) - 3))))
}
none <- function(r, se) 2 * pnorm(-abs(atanh(r)) / se)
say("no-correlation", none(cor(bx, by), sqrt(1 / (length(bx) - 3))), none(cor(bx[1:4], by[1:4]), 1),
  sapply(spearman(bx, by)[1], function(r) none(r, sqrt((1 + r^2 / 2) / (length(bx) - 3)))))
say("pearson", pearson(bx, by), pearson(bx, -by), pearson(bx[1:4], by[1:4]), pearson(1e6 + bx, by))
say("spearman", spearman(bx, by), spearman(bx, -by), spearman(by[1:5], bx[1:5]))
