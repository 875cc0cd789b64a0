script menu.ozml
keys 1@1.5s

  0.000  Request: POST http://app.test/ivr/script NotificationName=IncomingCall&CallId=02Al26WS&CallerID=%2B3615550100&CallerDisplayName=%C3%81gnes+%26+Co&Dialed=%2B3615550199&ApiExtension=900
  0.000  Answered: the call is answered
  0.000  Hears: "Press one for opening hours, two to reach a person."
  1.500  Key: 1
  1.500  Stopped: the audio stops
  1.500  Hears: "We are open from nine to five."
  3.450  Ended: the script hangs up: Hangup, line 11
