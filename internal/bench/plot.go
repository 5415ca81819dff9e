package main

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
)

// panel is one drawing: seconds, on a logarithmic scale, over something else.
type panel struct {
	title, x, y string
	even        bool // the values of x stand at even distances, in their order, instead of on a logarithmic scale
	lines       []line
}

type line struct {
	name   string
	points [][2]float64
}

// add adds a point, unless it was not measured.
func (l *line) add(x, y float64) {
	if !math.IsNaN(y) {
		l.points = append(l.points, [2]float64{x, y})
	}
}

// The drawing, in pixels: panels beside each other, each with its margins.
const (
	width, height            = 420, 340
	left, right, top, bottom = 58, 22, 56, 54
	plotWidth, plotHeight    = width - left - right, height - top - bottom
	legend                   = 80 // from one name to the next
)

// style lets whoever looks choose between light and dark, as the page around it.
const style = `<style>
  .back { fill: #ffffff }
  text { font: 12px sans-serif; fill: #333333 }
  .title { font-weight: bold }
  .grid { stroke: #dddddd }
  polyline { fill: none; stroke-width: 2 }
  circle { stroke: none }
  .floor { stroke: #767676; fill: #767676; stroke-dasharray: 5 3 }
  .ours { stroke: #0a62c9; fill: #0a62c9 }
  .peer { stroke: #b5480f; fill: #b5480f }
  @media (prefers-color-scheme: dark) {
    .back { fill: #0d1117 }
    text { fill: #dddddd }
    .grid { stroke: #30363d }
    .floor { stroke: #9a9a9a; fill: #9a9a9a }
    .ours { stroke: #58a6ff; fill: #58a6ff }
    .peer { stroke: #f0883e; fill: #f0883e }
  }
</style>
`

// plot draws the panels as SVG.
func plot(panels []panel) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d">`+"\n%s",
		width*len(panels), height, style)
	fmt.Fprintf(&out, "<rect class=\"back\" width=\"100%%\" height=\"100%%\"/>\n")
	for i, p := range panels {
		fmt.Fprintf(&out, "<g transform=\"translate(%d 0)\">\n", i*width)
		p.draw(&out)
		fmt.Fprintln(&out, "</g>")
	}
	fmt.Fprintln(&out, "</svg>")
	return out.Bytes()
}

func (p panel) draw(out *bytes.Buffer) {
	var xs, ys []float64
	for _, l := range p.lines {
		for _, point := range l.points {
			xs, ys = append(xs, point[0]), append(ys, point[1])
		}
	}
	slices.Sort(xs)
	xs = slices.Compact(xs)
	low, high := decades(ys)
	x, y := logarithmic(xs[0], xs[len(xs)-1]), logarithmic(low, high)
	if p.even {
		x = even(xs)
	}
	place := func(point [2]float64) (float64, float64) {
		return left + x(point[0])*plotWidth, top + (1-y(point[1]))*plotHeight
	}
	fmt.Fprintf(out, "<text class=\"title\" x=\"%d\" y=\"20\">%s</text>\n", left, p.title)
	for _, tick := range xs {
		at, _ := place([2]float64{tick, ys[0]})
		fmt.Fprintf(out, "<path class=\"grid\" d=\"M%.1f %d V%d\"/><text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%g</text>\n",
			at, top, top+plotHeight, at, top+plotHeight+18, tick)
	}
	for _, tick := range ticks(low, high) {
		_, at := place([2]float64{xs[0], tick})
		fmt.Fprintf(out, "<path class=\"grid\" d=\"M%d %.1f H%d\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%g</text>\n",
			left, at, left+plotWidth, left-8, at+4, tick)
	}
	fmt.Fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", left+plotWidth/2, height-14, p.x)
	fmt.Fprintf(out, "<text transform=\"translate(16 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n", top+plotHeight/2, p.y)
	drawn := 0
	for _, l := range p.lines {
		if len(l.points) > 0 {
			l.draw(out, left+drawn*legend, place)
			drawn++
		}
	}
}

// draw draws a line with its points, and its name above the drawing.
func (l line) draw(out *bytes.Buffer, at int, place func([2]float64) (x, y float64)) {
	points := slices.SortedFunc(slices.Values(l.points), func(a, b [2]float64) int { return cmp.Compare(a[0], b[0]) })
	fmt.Fprintf(out, "<g class=\"%s\"><polyline points=\"%d,36 %d,36\"/><polyline points=\"", l.name, at, at+24)
	for _, point := range points {
		x, y := place(point)
		fmt.Fprintf(out, "%.1f,%.1f ", x, y)
	}
	fmt.Fprint(out, "\"/>")
	for _, point := range points {
		x, y := place(point)
		fmt.Fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"><title>%s: %.2f s</title></circle>", x, y, l.name, point[1])
	}
	fmt.Fprintf(out, "</g><text x=\"%d\" y=\"40\">%s</text>\n", at+30, l.name)
}

// logarithmic gives the place of a value between low and high, from 0 to 1.
func logarithmic(low, high float64) func(float64) float64 {
	if low == high {
		return func(float64) float64 { return 0.5 }
	}
	return func(v float64) float64 { return math.Log(v/low) / math.Log(high/low) }
}

// even gives the place of one of these values.
func even(values []float64) func(float64) float64 {
	return func(v float64) float64 { return (float64(slices.Index(values, v)) + 0.5) / float64(len(values)) }
}

// decades gives the closest ticks below and above all values.
func decades(values []float64) (low, high float64) {
	all := ticks(slices.Min(values)/10, slices.Max(values)*10)
	low, high = all[0], all[len(all)-1]
	for _, tick := range all {
		if tick <= slices.Min(values) {
			low = tick
		}
		if tick >= slices.Max(values) {
			high = min(high, tick)
		}
	}
	return low, high
}

// ticks are 1, 2, 5, 10 … and 0.5, 0.2 … from low to high.
func ticks(low, high float64) (all []float64) {
	for power := math.Floor(math.Log10(low)); power <= math.Log10(high); power++ {
		for _, digit := range []float64{1, 2, 5} {
			if tick := digit * math.Pow(10, power); tick >= low*0.999 && tick <= high*1.001 {
				all = append(all, tick)
			}
		}
	}
	return all
}
