package metallb

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

// checkSelectors checks a list of label selectors, of which one has to match.
func checkSelectors(list part) {
	selectors := list.elements()
	for i, selector := range selectors {
		checkSelector(selector)
		refuseTwin(selector, selectors[:i])
	}
}

func checkSelector(selector part) {
	labels := selector.at("matchLabels")
	fields, _ := labels.value.(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		if err := checkLabelKey(key); err != nil {
			labels.wrong("%w", err)
		}
		value := labels.at(key)
		value.path = labels.path // a key may have dots of its own
		judge(value, checkLabelValue)
	}
	expressions := selector.at("matchExpressions").elements()
	for i, expression := range expressions {
		checkExpression(expression)
		refuseTwin(expression, expressions[:i])
	}
}

func checkExpression(expression part) {
	key, operator, values := expression.at("key"), expression.at("operator"), expression.at("values")
	if key.absent() {
		key.wrong("the label's key is missing: such as %q", "kubernetes.io/hostname")
	}
	judge(key, checkLabelKey)
	switch operator.value {
	case nil:
		operator.wrong("the operator is missing: one of %q", operators)
	case "In", "NotIn":
		if values.empty() {
			values.wrong("no values: operator %s compares with at least one", operator.value)
		}
	case "Exists", "DoesNotExist":
		if values.given() && !values.empty() {
			values.wrong("operator %s looks at the key alone: leave the values out", operator.value)
		}
	}
	judge(operator, oneOf(operators...))
	values.distinct()
	for _, value := range values.elements() {
		judge(value, checkLabelValue)
	}
}

var operators = []string{"In", "NotIn", "Exists", "DoesNotExist"}

func checkLabelKey(key string) error {
	if problems := validation.IsQualifiedName(key); len(problems) > 0 {
		return fmt.Errorf("%q is not the key of a label: %s", key, strings.Join(problems, "; "))
	}
	return nil
}

func checkLabelValue(value string) error {
	if problems := validation.IsValidLabelValue(value); len(problems) > 0 {
		return fmt.Errorf("%q is not the value of a label: %s", value, strings.Join(problems, "; "))
	}
	return nil
}

// refuseTwin refuses a selector, or an expression of one, that says what an earlier one of its list says.
func refuseTwin(p part, earlier []part) {
	if !p.known() {
		return
	}
	for _, before := range earlier {
		if before.known() && canonical(p.value) == canonical(before.value) {
			p.wrong("it says what %s says: each is there once", before.path)
			return
		}
	}
}
