package routerostest

// Reading is one way to understand what nobody has settled on a real router.
type Reading struct {
	Name    string
	Options []Option

	in releases
}

// Concerns reports whether a router of that version ("6.49.15") can behave otherwise because of the reading.
func (r Reading) Concerns(version string) bool {
	v, err := parseVersion(version)
	return err == nil && r.in.has(v)
}

// Readings lists all uncertain facts, first the likelier side of all of them, then each other side for itself. Where the
// likelier side depends on the version, both sides are there. A client is right when it survives every one.
func Readings() []Reading {
	const v6, v7, instances = releases("-6.49"), releases("7.1-"), releases("7.20-")
	one := func(name string, in releases, options ...Option) Reading { return Reading{name, options, in} }
	return []Reading{
		one("as is likely", ""),
		one("remote addresses with mask", v7, RemoteAddressMask(true)),
		one("remote addresses without mask", v7, RemoteAddressMask(false)),
		one("names are unique", "", DuplicateNames(false)),
		one("names are not unique", "", DuplicateNames(true)),
		one("an instance comes with the router", instances, DefaultInstance(true)),
		one("no instance comes with the router", instances, DefaultInstance(false)),
		one("a template comes with the router", v7, DefaultTemplate(true)),
		one("no template comes with the router", v7, DefaultTemplate(false)),
		one("the template can be removed", v7, DefaultTemplateRemovable(true)),
		one("the template cannot be removed", v7, DefaultTemplateRemovable(false)),
		one("secrets are shown", "7.21-", ShowSensitive()),
		one("secrets are left out", "7.21-", OmitSecrets()),
		one("ids are used again", "", ReuseIDs()),
		one("long texts of missing arguments", "", LongMissingText()),
		one("traps have no category", "", NoCategory()),
		one("what is in use stays", "", RefuseRemoveInUse()),
		one("dynamic rows stand at the end", "", DynamicAtEnd()),
		one("no neighbour answers", "", NoSessions()),
		one("established is false", v6, NoSessions(), EstablishedFalse()),
		one("a failed login closes", "", CloseAfterFailedLogin()),
		one("print refuses an id", "", RefusePrintByID()),
		one("comments are empty", "", EmptyComments()),
		one("no log in NAT", v6, NoNATLog()),
		one("empty values are refused", "", RefuseEmpty()),
		one("other texts", "", OtherTexts()),
		one("about without a dot", v7, PlainAbout()),
		one("flags are absent", "", AbsentFlags()),
		one("matchers are read as written", "", VerbatimMatchers()),
		one("sets are tidied", "", TidySets()),
		one("an upgrade inlines instances", v6, InlineInstances()),
		one("an upgrade names an instance default", "-7.19", FirstInstanceDefault()),
		one("an upgrade keeps ids", "", KeepIDs()),
	}
}
