# How long a loop over rmarkdown::render takes for reports of like content: `Rscript tests/benchmarks/rmarkdown.R`.
#
# One R process, one document an organization, from the demo study's prepared data (`ppp prepare data/demo` first): the
# same tables, and a figure each for phases, initiation, ratings, change and peers, as SVG inside one HTML file. It needs
# R with rmarkdown, ggplot2, jsonlite and svglite, and pandoc; nothing else of the project does.

suppressPackageStartupMessages(library(rmarkdown))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
partitions <- normalizePath(list.files(file.path(here, "../../data/demo/prepared/partitions"), full.names = TRUE))
out <- tempfile()
dir.create(out)
times <- c()
for (language in c("sv", "en")) {
  for (path in partitions) {
    began <- Sys.time()
    render(
      normalizePath(file.path(here, "rmarkdown.Rmd")), output_file = paste0(basename(path), language, ".html"), output_dir = out,
      intermediates_dir = tempfile(), params = list(partition = path, language = language),
      envir = new.env(), quiet = TRUE
    )
    times <- c(times, as.numeric(Sys.time() - began, units = "secs"))
  }
}
cat(sprintf("%d reports, %.2f s a report (median; the first %.2f)\n", length(times), median(times[-1]), times[1]))
