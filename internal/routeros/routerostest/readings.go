package routerostest

// Reading is one way to understand what nobody has settled on a real router.
type Reading struct {
	Name    string
	Options []Option
}

// Readings lists all uncertain facts: first the likelier side of all of them, then each other side for itself. Where the
// likelier side depends on the version, both sides are there. A client is right when it survives every one.
func Readings() []Reading {
	one := func(name string, options ...Option) Reading { return Reading{name, options} }
	return []Reading{
		one("as is likely"),
		one("remote addresses with mask", RemoteAddressMask(true)),
		one("remote addresses without mask", RemoteAddressMask(false)),
		one("names are unique", DuplicateNames(false)),
		one("names are not unique", DuplicateNames(true)),
		one("an instance comes with the router", DefaultInstance(true)),
		one("no instance comes with the router", DefaultInstance(false)),
		one("a template comes with the router", DefaultTemplate(true)),
		one("no template comes with the router", DefaultTemplate(false)),
		one("the template can be removed", DefaultTemplateRemovable(true)),
		one("the template cannot be removed", DefaultTemplateRemovable(false)),
		one("secrets are shown", ShowSensitive()),
		one("secrets are left out", OmitSecrets()),
		one("ids are used again", ReuseIDs()),
		one("long texts of missing arguments", LongMissingText()),
		one("traps have no category", NoCategory()),
		one("what is in use stays", RefuseRemoveInUse()),
		one("dynamic rows stand at the end", DynamicAtEnd()),
		one("no neighbour answers", NoSessions()),
		one("established is false", NoSessions(), EstablishedFalse()),
		one("a session without a name", GhostSession()),
		one("a failed login closes", CloseAfterFailedLogin()),
		one("print refuses an id", RefusePrintByID()),
		one("comments are empty", EmptyComments()),
		one("no log in NAT", NoNATLog()),
		one("empty values are refused", RefuseEmpty()),
		one("other texts", OtherTexts()),
		one("about without a dot", PlainAbout()),
		one("flags are absent", AbsentFlags()),
		one("matchers are read as written", VerbatimMatchers()),
		one("sets are tidied", TidySets()),
		one("an upgrade inlines instances", InlineInstances()),
		one("an upgrade names an instance default", FirstInstanceDefault()),
		one("an upgrade keeps ids", KeepIDs()),
	}
}
